package main

import "encoding/binary"

// sequence defines operations on a tree. Numbers come from the generator of "Numerical Recipes",
//
//	state = state * 1664525 + 1013904223 (mod 2^32), number = state >> 8
//
// begun with the seed. For every operation, in this order:
//   - number mod 100 below RemovePercent: a removal, else a set;
//   - number mod Keys names the key (Ascending: how many operations there were before). The key is
//     KeyBytes bytes of that name's own generator, seeded with the name + 1: each a number mod 256.
//     With Ascending it is the name in big-endian, as long as KeyBytes;
//   - for a set: ValueBytes bytes, each a number mod 256.
type sequence struct {
	Seed          uint32 `json:"seed"`
	Keys          uint32 `json:"keys"`
	KeyBytes      int    `json:"key_bytes"`
	ValueBytes    int    `json:"value_bytes"`
	RemovePercent uint32 `json:"remove_percent"`
	Ascending     bool   `json:"ascending"`
}

type operation struct {
	remove bool
	key    []byte
	value  []byte
}

type generator uint32

func (g *generator) number() uint32 {
	*g = *g*1664525 + 1013904223
	return uint32(*g) >> 8
}

func (g *generator) bytes(count int) []byte {
	out := make([]byte, count)
	for i := range out {
		out[i] = byte(g.number())
	}
	return out
}

type operations struct {
	sequence
	from generator
	made uint32
}

func (s sequence) start() *operations {
	return &operations{sequence: s, from: generator(s.Seed)}
}

func (o *operations) next() operation {
	op := operation{remove: o.from.number()%100 < o.RemovePercent}
	name := o.from.number() % o.Keys
	if o.Ascending {
		op.key = binary.BigEndian.AppendUint32(nil, o.made)[4-o.KeyBytes:]
	} else {
		own := generator(name + 1)
		op.key = own.bytes(o.KeyBytes)
	}
	o.made++
	if !op.remove {
		op.value = o.from.bytes(o.ValueBytes)
	}
	return op
}
