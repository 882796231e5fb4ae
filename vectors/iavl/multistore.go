package main

import (
	"encoding/hex"
	"fmt"

	"cosmossdk.io/log"
	"cosmossdk.io/store/metrics"
	"cosmossdk.io/store/rootmulti"
	"cosmossdk.io/store/types"
	dbm "github.com/cosmos/cosmos-db"
)

// multistoreVector pins the application hash over some stores and what a query with proof answers.
type multistoreVector struct {
	// Of each store the keys set in its one version, "value of <key>" to each; a store may be empty.
	Stores map[string][]string `json:"stores"`
	// Hex of the root over all stores.
	Hash    string  `json:"hash"`
	Queries []query `json:"queries"`
}

type query struct {
	Store string `json:"store"`
	Key   string `json:"key"`
	// Empty when the key is not there.
	Value string `json:"value"`
	// Hex of tendermint.crypto.ProofOps.
	ProofOps string `json:"proof_ops"`
}

func multistore() []multistoreVector {
	var out []multistoreVector
	for _, names := range [][]string{{"bank"}, {"acc", "bank"}, {"acc", "bank", "ml"}, {"acc", "bank", "ml", "params", "producers"}, {"a", "aa", "b", "empty", "m", "slashing", "staking"}} {
		out = append(out, commit(names))
	}
	return out
}

func commit(names []string) multistoreVector {
	store := rootmulti.NewStore(dbm.NewMemDB(), log.NewNopLogger(), metrics.NewNoOpMetrics())
	keys := map[string]*types.KVStoreKey{}
	for _, name := range names {
		keys[name] = types.NewKVStoreKey(name)
		store.MountStoreWithDB(keys[name], types.StoreTypeIAVL, nil)
	}
	check(store.LoadLatestVersion())
	out := multistoreVector{Stores: map[string][]string{}}
	for _, name := range names {
		out.Stores[name] = []string{}
		if name == "empty" {
			continue
		}
		for i := range 5 {
			key := fmt.Sprintf("%s/%d", name, 2*i)
			store.GetKVStore(keys[name]).Set([]byte(key), []byte("value of "+key))
			out.Stores[name] = append(out.Stores[name], key)
		}
	}
	out.Hash = hex.EncodeToString(store.Commit().Hash)
	for _, name := range names {
		if name == "empty" {
			continue
		}
		for _, i := range []int{0, 4, 5, 9} {
			key := fmt.Sprintf("%s/%d", name, i)
			answer, err := store.Query(&types.RequestQuery{Path: "/" + name + "/key", Data: []byte(key), Prove: true})
			check(err)
			ops, err := answer.ProofOps.Marshal()
			check(err)
			out.Queries = append(out.Queries, query{name, key, string(answer.Value), hex.EncodeToString(ops)})
		}
	}
	return out
}
