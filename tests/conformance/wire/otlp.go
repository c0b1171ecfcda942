// Package wire reads and writes Tempo's v2 protobuf answers field by field, without the UTF-8 check
// that Go's protobuf makes: recorded bodies hold characters that Tempo cut in half.
package wire

import (
	"encoding/hex"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Kind says what a field means, so that a change can be made by meaning.
type Kind int

// The meanings of fields.
const (
	Other Kind = iota
	Message
	Text    // a string
	TraceID // 16 bytes
	SpanID  // 8 bytes
	Time    // fixed64 nanoseconds
)

type field struct {
	kind Kind
	typ  string // of a Message
}

var schema = map[string]map[protowire.Number]field{
	"TraceByIDResponse": {1: {Message, "Trace"}},
	"Trace":             {1: {Message, "ResourceSpans"}},
	"ResourceSpans":     {1: {Message, "Resource"}, 2: {Message, "ScopeSpans"}},
	"Resource":          {1: {Message, "KeyValue"}},
	"ScopeSpans":        {1: {Message, "Scope"}, 2: {Message, "Span"}},
	"Scope":             {1: {Text, ""}, 2: {Text, ""}, 3: {Message, "KeyValue"}},
	"Span": {1: {TraceID, ""}, 2: {SpanID, ""}, 3: {Text, ""}, 4: {SpanID, ""}, 5: {Text, ""}, 7: {Time, ""}, 8: {Time, ""},
		9: {Message, "KeyValue"}, 11: {Message, "Event"}, 13: {Message, "Link"}, 15: {Message, "Status"}},
	"Event":      {1: {Time, ""}, 2: {Text, ""}, 3: {Message, "KeyValue"}},
	"Link":       {1: {TraceID, ""}, 2: {SpanID, ""}, 4: {Message, "KeyValue"}},
	"Status":     {2: {Text, ""}},
	"KeyValue":   {1: {Text, ""}, 2: {Message, "AnyValue"}},
	"AnyValue":   {1: {Text, ""}, 5: {Message, "ArrayValue"}, 6: {Message, "KvList"}},
	"ArrayValue": {1: {Message, "AnyValue"}},
	"KvList":     {1: {Message, "KeyValue"}},
}

// Node is one field of a message.
type Node struct {
	Num  protowire.Number
	Wire protowire.Type
	Kind Kind
	Type string  // of a Message
	Int  uint64  // of varint and fixed fields
	Raw  []byte  // of other length-delimited fields
	Kids []*Node // of a Message
}

// ParseV2 reads the body of /api/v2/traces.
func ParseV2(body []byte) (*Node, error) {
	kids, err := parse("TraceByIDResponse", body)
	return &Node{Kind: Message, Type: "TraceByIDResponse", Kids: kids}, err
}

func parse(typ string, body []byte) ([]*Node, error) {
	var kids []*Node
	for len(body) > 0 {
		num, wt, n := protowire.ConsumeTag(body)
		if n < 0 {
			return nil, fmt.Errorf("%s: %w", typ, protowire.ParseError(n))
		}
		body = body[n:]
		node := &Node{Num: num, Wire: wt, Kind: schema[typ][num].kind, Type: schema[typ][num].typ}
		switch wt {
		case protowire.VarintType:
			node.Int, n = protowire.ConsumeVarint(body)
		case protowire.Fixed64Type:
			node.Int, n = protowire.ConsumeFixed64(body)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(body)
			node.Int = uint64(v)
		case protowire.BytesType:
			node.Raw, n = protowire.ConsumeBytes(body)
		default:
			return nil, fmt.Errorf("%s: field %d has wire type %d", typ, num, wt)
		}
		if n < 0 {
			return nil, fmt.Errorf("%s.%d: %w", typ, num, protowire.ParseError(n))
		}
		body = body[n:]
		if node.Kind == Message {
			var err error
			if node.Kids, err = parse(node.Type, node.Raw); err != nil {
				return nil, err
			}
			node.Raw = nil
		}
		kids = append(kids, node)
	}
	return kids, nil
}

// Encode writes the fields of n, not its own tag.
func (n *Node) Encode() []byte {
	var out []byte
	for _, kid := range n.Kids {
		out = protowire.AppendTag(out, kid.Num, kid.Wire)
		switch kid.Wire {
		case protowire.VarintType:
			out = protowire.AppendVarint(out, kid.Int)
		case protowire.Fixed64Type:
			out = protowire.AppendFixed64(out, kid.Int)
		case protowire.Fixed32Type:
			out = protowire.AppendFixed32(out, uint32(kid.Int))
		default:
			raw := kid.Raw
			if kid.Kind == Message {
				raw = kid.Encode()
			}
			out = protowire.AppendBytes(out, raw)
		}
	}
	return out
}

// Walk visits n and all below it, parents first.
func (n *Node) Walk(visit func(*Node)) {
	visit(n)
	for _, kid := range n.Kids {
		kid.Walk(visit)
	}
}

// Kid is the first field num, or nil.
func (n *Node) Kid(num protowire.Number) *Node {
	for _, kid := range n.Kids {
		if kid.Num == num {
			return kid
		}
	}
	return nil
}

// Spans are the span messages in order.
func (n *Node) Spans() []*Node {
	var spans []*Node
	n.Walk(func(n *Node) {
		if n.Type == "Span" {
			spans = append(spans, n)
		}
	})
	return spans
}

// SpanIDs are the ids of all spans in lower hex, in order.
func SpanIDs(body []byte) ([]string, error) {
	root, err := ParseV2(body)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, span := range root.Spans() {
		if id := span.Kid(2); id != nil {
			ids = append(ids, hex.EncodeToString(id.Raw))
		}
	}
	return ids, nil
}
