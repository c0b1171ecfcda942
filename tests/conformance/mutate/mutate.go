// Package mutate makes new cases out of recorded ones: other ids, other times, another order, other
// words. The plugin must weave them as well as the recorded ones; code that fits files fails here.
package mutate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strconv"
	"strings"
	"time"

	"spanlog/conformance/replay"
	"spanlog/conformance/wire"
)

// Options say what to change.
type Options struct {
	Seed  int64
	IDs   bool          // new trace and span ids
	Shift time.Duration // added to every time
	Order bool          // shuffle attributes, resources and spans; split the log streams
	Words Style         // other texts, tool names, arguments and call ids; nil keeps them
	Loose bool          // JSON inside values gets other spaces and escapes
	Noise int           // ordinary log records added below random spans
	// Structured turns JSON strings of messages on spans into arrays and maps of OTLP.
	Structured bool
	// Result writes a tool's answer under "result" where the emitter wrote "response".
	Result bool
	// Lists writes a message's content as a list of one part where the emitter wrote a text.
	Lists bool
	// ASCII writes every character beyond ASCII inside JSON as \uXXXX, as Python does by default.
	ASCII bool
}

// Apply makes a new case. Only what Tempo v2 and Loki answer is kept.
func Apply(c *replay.Case, o Options) (*replay.Case, error) {
	root, err := wire.ParseV2(c.Files["tempo_v2.pb"])
	if err != nil {
		return nil, err
	}
	entries, err := c.Entries()
	if err != nil {
		return nil, err
	}
	facts, err := decodeFacts(c.Meta.Facts)
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewSource(o.Seed))
	ids := map[string]string{}
	if o.IDs {
		gatherIDs(c, root, entries, o.Seed, ids)
	}
	exact := map[string]string{}
	if o.Words != nil {
		gatherWords(facts, o.Words, exact)
	}
	w := newWords(exact, ids, o.Loose)
	w.lists, w.ascii = o.Lists, o.ASCII
	if o.Result {
		w.rename = map[string]string{"response": "result"}
	}

	changeTrace(root, o, w, ids, random)
	changeEntries(entries, o, w, random)
	changed := changeFacts(facts, "", o, w).(map[string]any)
	out := &replay.Case{Meta: c.Meta, Files: map[string][]byte{}}
	entries = append(entries, addNoise(changed, mapped(ids, c.Meta.TraceIDs[0]), o, random)...)
	for _, other := range c.Meta.TraceIDs[1:] {
		entries = slices.DeleteFunc(entries, func(e replay.Entry) bool { return e.Metadata["trace_id"] == mapped(ids, other) })
	}
	keepOneTrace(changed, mapped(ids, c.Meta.TraceIDs[0]))
	if out.Meta.Facts, err = json.Marshal(changed); err != nil {
		return nil, err
	}
	out.Meta.Requests = nil
	out.Meta.TraceIDs = []string{mapped(ids, c.Meta.TraceIDs[0])}
	out.Meta.StartNS += int64(o.Shift)
	out.Meta.EndNS += int64(o.Shift)
	out.Files["tempo_v2.pb"] = root.Encode()
	out.Files["loki.json"] = replay.EncodeEntries(entries)
	return out, nil
}

func mapped(ids map[string]string, id string) string {
	if to, ok := ids[id]; ok {
		return to
	}
	return id
}

func decodeFacts(raw []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var facts map[string]any
	err := decoder.Decode(&facts)
	return facts, err
}

// newID keeps the length and leading zeros of an id: both mean something to the stores.
func newID(id string, seed int64) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(seed, id)))
	fresh := hex.EncodeToString(sum[:])[:len(id)]
	zeros := len(id) - len(strings.TrimLeft(id, "0"))
	if zeros == len(id) || id == "0000000000000001" {
		return id
	}
	return id[:zeros] + "7" + fresh[zeros+1:]
}

func gatherIDs(c *replay.Case, root *wire.Node, entries []replay.Entry, seed int64, ids map[string]string) {
	add := func(id string) {
		if id = strings.ToLower(id); len(id) == 32 || len(id) == 16 {
			ids[id] = newID(id, seed)
		}
	}
	add(c.Meta.TraceIDs[0])
	if low := strings.TrimLeft(c.Meta.TraceIDs[0], "0"); len(low) == 16 { // written with 16 digits in lines
		ids[low] = mapped(ids, c.Meta.TraceIDs[0])[16:]
	}
	root.Walk(func(n *wire.Node) {
		if n.Kind == wire.TraceID || n.Kind == wire.SpanID {
			add(hex.EncodeToString(n.Raw))
		}
	})
	for _, e := range entries {
		add(e.Metadata["span_id"])
		add(e.Stream["span_id"])
	}
}

func changeTrace(root *wire.Node, o Options, w *words, ids map[string]string, random *rand.Rand) {
	root.Walk(func(n *wire.Node) {
		switch {
		case n.Kind == wire.Time && n.Int != 0:
			n.Int += uint64(o.Shift)
		case n.Kind == wire.TraceID || n.Kind == wire.SpanID:
			if to, err := hex.DecodeString(mapped(ids, hex.EncodeToString(n.Raw))); err == nil {
				n.Raw = to
			}
		case n.Type == "AnyValue":
			if s := n.Kid(1); s != nil {
				s.Raw = []byte(w.text(string(s.Raw)))
			}
		case n.Type == "KeyValue" && o.Structured:
			structure(n)
		case n.Type == "KeyValue" && o.Lists:
			listContent(n)
		case n.Type == "Span":
			if name := n.Kid(5); name != nil {
				name.Raw = []byte(w.text(string(name.Raw)))
			}
		}
		if !o.Order || n.Type == "ArrayValue" || n.Type == "TraceByIDResponse" {
			return
		}
		// Only the places of fields of one kind change: events, for one, stay in order.
		shuffle(n, "KeyValue", random)
		shuffle(n, "ResourceSpans", random)
		shuffle(n, "Span", random)
	})
}

func shuffle(n *wire.Node, typ string, random *rand.Rand) {
	var at []int
	for i, kid := range n.Kids {
		if kid.Type == typ {
			at = append(at, i)
		}
	}
	random.Shuffle(len(at), func(i, j int) {
		n.Kids[at[i]], n.Kids[at[j]] = n.Kids[at[j]], n.Kids[at[i]]
	})
}

func changeEntries(entries []replay.Entry, o Options, w *words, random *rand.Rand) {
	for i := range entries {
		e := &entries[i]
		e.TS += int64(o.Shift)
		if o.Lists && strings.HasPrefix(e.Metadata["event_name"], "gen_ai.") {
			e.Line = listBody(e.Line)
		}
		e.Line = w.text(e.Line)
		e.Metadata = changeLabels(e.Metadata, o, w)
		e.Stream = changeLabels(e.Stream, o, w)
		if o.Order {
			e.Stream["pod"] = fmt.Sprintf("pod-%d", random.Intn(3))
		}
	}
}

func changeLabels(labels map[string]string, o Options, w *words) map[string]string {
	out := make(map[string]string, len(labels)+1)
	for k, v := range labels {
		if ns, err := strconv.ParseInt(v, 10, 64); err == nil && k == "observed_timestamp" {
			out[k] = strconv.FormatInt(ns+int64(o.Shift), 10)
			continue
		}
		out[k] = w.text(v)
	}
	return out
}
