// Writes trees.json and multistore.json beside this file with the reference implementations:
// cosmos/iavl and the multistore of the Cosmos SDK. Run it here: go run .
//
// A tree's operations are not spelled out; any language can make them again from the seed, as
// sequence.go tells.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"

	"cosmossdk.io/log"
	"github.com/cosmos/iavl"
	"github.com/cosmos/iavl/db"
	ics23 "github.com/cosmos/ics23/go"
)

// version is what one block made of a tree.
type version struct {
	Operations int `json:"operations"`
	// Hex of the root hash.
	Hash   string `json:"hash"`
	Size   int64  `json:"size"`
	Height int8   `json:"height"`
	// SHA-256 of the nodes in post-order, see exportDigest.
	Nodes string `json:"nodes"`
}

// proof is a cosmos.ics23.v1.CommitmentProof on the last version.
type proof struct {
	Key    string `json:"key"`
	Exists bool   `json:"exists"`
	Proof  string `json:"proof"`
}

type vector struct {
	Name     string    `json:"name"`
	Sequence sequence  `json:"sequence"`
	Versions []version `json:"versions"`
	Proofs   []proof   `json:"proofs"`
	// Proofs on the version in the middle, made after the last one.
	Older []proof `json:"older_proofs"`
}

func main() {
	write("trees.json", trees())
	write("multistore.json", multistore())
}

func trees() []vector {
	shapes := []struct {
		name string
		sequence
		operations []int
	}{
		{"few keys, removed and set again", sequence{Keys: 12, KeyBytes: 2, ValueBytes: 4, RemovePercent: 45}, repeat(20, 40)},
		{"growing", sequence{Keys: 100_000, KeyBytes: 20, ValueBytes: 40, RemovePercent: 5}, repeat(400, 5)},
		{"churning", sequence{Keys: 500, KeyBytes: 6, ValueBytes: 8, RemovePercent: 50}, repeat(150, 20)},
		{"versions without a change", sequence{Keys: 50, KeyBytes: 3, ValueBytes: 3, RemovePercent: 20}, []int{0, 0, 30, 0, 1, 0, 0, 60, 0}},
		{"ascending keys", sequence{Keys: 2_000, KeyBytes: 4, ValueBytes: 1, Ascending: true}, repeat(300, 3)},
		{"emptied and filled", sequence{Keys: 8, KeyBytes: 1, ValueBytes: 2, RemovePercent: 90}, repeat(12, 40)},
		{"one key", sequence{Keys: 1, KeyBytes: 5, ValueBytes: 0, RemovePercent: 30}, repeat(1, 20)},
	}
	var vectors []vector
	for i, shape := range shapes {
		for copies := range 3 {
			s := shape.sequence
			s.Seed = uint32(1000*i + copies + 1)
			vectors = append(vectors, replay(shape.name, s, shape.operations))
		}
	}
	return vectors
}

func replay(name string, s sequence, operations []int) vector {
	tree := iavl.NewMutableTree(db.NewMemDB(), 1000, true, log.NewNopLogger())
	out := vector{Name: name, Sequence: s}
	source := s.start()
	for _, count := range operations {
		for range count {
			op := source.next()
			if op.remove {
				_, _, err := tree.Remove(op.key)
				check(err)
			} else {
				_, err := tree.Set(op.key, op.value)
				check(err)
			}
		}
		hash, number, err := tree.SaveVersion()
		check(err)
		saved, err := tree.GetImmutable(number)
		check(err)
		out.Versions = append(out.Versions, version{
			Operations: count,
			Hash:       hex.EncodeToString(hash),
			Size:       saved.Size(),
			Height:     saved.Height(),
			Nodes:      exportDigest(saved),
		})
	}
	last := int64(len(operations))
	out.Proofs = proofs(tree, last, s)
	out.Older = proofs(tree, (last+1)/2, s)
	return out
}

// exportDigest hashes, for every node in post-order: height (1 byte), version (8, big-endian),
// length of the key (4) and key, length of the value (4) and value; inner nodes have no value.
func exportDigest(tree *iavl.ImmutableTree) string {
	sum := sha256.New()
	if tree.Size() > 0 {
		exporter, err := tree.Export()
		check(err)
		defer exporter.Close()
		for {
			node, err := exporter.Next()
			if err == iavl.ErrorExportDone {
				break
			}
			check(err)
			var head []byte
			head = append(head, byte(node.Height))
			head = binary.BigEndian.AppendUint64(head, uint64(node.Version))
			head = binary.BigEndian.AppendUint32(head, uint32(len(node.Key)))
			head = append(head, node.Key...)
			head = binary.BigEndian.AppendUint32(head, uint32(len(node.Value)))
			sum.Write(append(head, node.Value...))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// proofs covers keys of the sequence, each with the ones just before and after it.
func proofs(tree *iavl.MutableTree, number int64, s sequence) []proof {
	out := []proof{}
	saved, err := tree.GetImmutable(number)
	check(err)
	if saved.Size() == 0 {
		return out
	}
	source := s.start()
	seen := map[string]bool{}
	for range 6 {
		key := source.next().key
		for _, probe := range [][]byte{key, append(append([]byte{}, key...), 0), key[:len(key)-1]} {
			if len(probe) == 0 || seen[string(probe)] {
				continue
			}
			seen[string(probe)] = true
			value, err := saved.Get(probe)
			check(err)
			var made *ics23.CommitmentProof
			if value != nil {
				made, err = saved.GetMembershipProof(probe)
			} else {
				made, err = saved.GetNonMembershipProof(probe)
			}
			check(err)
			bytes, err := made.Marshal()
			check(err)
			out = append(out, proof{hex.EncodeToString(probe), value != nil, hex.EncodeToString(bytes)})
		}
	}
	return out
}

func repeat(count, times int) []int {
	out := make([]int, times)
	for i := range out {
		out[i] = count
	}
	return out
}

func write(name string, value any) {
	text, err := json.MarshalIndent(value, "", " ")
	check(err)
	check(os.WriteFile(name, append(text, '\n'), 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
