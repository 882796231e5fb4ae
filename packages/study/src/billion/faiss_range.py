"""Near pairs counted by FAISS's binary indexes, exactly, over samples.

    python faiss_range.py A B PER_CLASS CLASSES FLAT_QUERIES MULTI_QUERIES   # A, B: 8 bytes a hash

Prints, for distances 0, 1 and 2: the pairs within each of the first CLASSES classes of A; those of
the first FLAT_QUERIES hashes of A and all of B, by IndexBinaryFlat; and those of the first
MULTI_QUERIES, by IndexBinaryMultiHash, FAISS's own multi-index: three segments of 21 bits, of which
two hashes within 2 of each other have at least one in common.
"""
import json
import sys
import time

try:
    import faiss
    import numpy
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)

BITS = 64
RADIUS = 3  # distances below it are found


def read(path):
    return numpy.fromfile(path, dtype=numpy.uint8).reshape(-1, BITS // 8)


def counts(distances):
    return numpy.bincount(distances.astype(numpy.int64), minlength=RADIUS).tolist()


a, b = read(sys.argv[1]), read(sys.argv[2])
per_class, classes, flat_queries, multi_queries = map(int, sys.argv[3:7])


def within_classes():
    found = numpy.zeros(RADIUS, dtype=numpy.int64)
    start = time.perf_counter()
    for n in range(classes):
        hashes = a[n * per_class : (n + 1) * per_class]
        index = faiss.IndexBinaryFlat(BITS)
        index.add(hashes)
        found += counts(index.range_search(hashes, RADIUS)[1])
        found[0] -= len(hashes)  # each hash found itself
    # Every pair was found from both of its ends.
    return {"seconds": time.perf_counter() - start, "counts": (found // 2).tolist()}


def across(index, queries):
    start = time.perf_counter()
    index.add(b)
    build = time.perf_counter() - start
    start = time.perf_counter()
    found = counts(index.range_search(a[:queries], RADIUS)[1])
    return {"build": build, "seconds": time.perf_counter() - start, "counts": found}


print(
    json.dumps(
        {
            "version": faiss.__version__,
            "threads": faiss.omp_get_max_threads(),
            "within": within_classes(),
            "flat": across(faiss.IndexBinaryFlat(BITS), flat_queries),
            "multi": across(faiss.IndexBinaryMultiHash(BITS, 3, 21), multi_queries),
        }
    )
)
