package replay

import "google.golang.org/protobuf/encoding/protowire"

// Plant is a made-up case for what its caller puts into it: one service, a root span and below it a
// span "chat m" that carries the attributes, beside the entries in Loki.
type Plant struct {
	SpanName   string            // of the chat span; default "chat m"
	Attributes map[string]string // of the chat span
	Resource   map[string]string
	Scope      string
	Status     string // an error's message
	Event      string // name of an event with EventAttributes
	EventText  map[string]string
	Entries    []Entry // TS 0: within the span
}

// PlantedTrace and PlantedSpan are the ids of a planted case.
const (
	PlantedTrace = "5ec0de005ec0de005ec0de005ec0de00"
	PlantedSpan  = "b000000000000001"
	plantedStart = int64(1795400000000000000)
)

// Planted builds the case.
func Planted(p Plant) *Case {
	c := &Case{Files: map[string][]byte{}, Meta: Meta{Name: "planted", TraceIDs: []string{PlantedTrace},
		StartNS: plantedStart, EndNS: plantedStart + 2e9, Services: []string{"planted"}}}
	if p.SpanName == "" {
		p.SpanName = "chat m"
	}
	spans := appendSpan(nil, PlantedTrace, "a000000000000000", "", "invoke_agent planted", plantedStart, plantedStart+2e9, nil)
	body := append(wrap(1, unhex(PlantedTrace)), wrap(2, unhex(PlantedSpan))...)
	body = append(body, wrap(4, unhex("a000000000000000"))...)
	body = append(body, wrap(5, []byte(p.SpanName))...)
	body = append(body, times(plantedStart+1e6, plantedStart+1e9)...)
	for key, value := range p.Attributes {
		body = append(body, attribute(9, key, value)...)
	}
	if p.Event != "" {
		event := append(wrap(2, []byte(p.Event)), eventTime(plantedStart+2e6)...)
		for key, value := range p.EventText {
			event = append(event, attribute(3, key, value)...)
		}
		body = append(body, wrap(11, event)...)
	}
	if p.Status != "" {
		body = append(body, wrap(15, append(wrap(2, []byte(p.Status)), statusError...))...)
	}
	spans = append(spans, wrap(2, body)...)
	resource := attribute(1, "service.name", "planted")
	for key, value := range p.Resource {
		resource = append(resource, attribute(1, key, value)...)
	}
	scope := wrap(1, wrap(1, []byte(p.Scope)))
	c.Files["tempo_v2.pb"] = wrap(1, wrap(1, append(wrap(1, resource), wrap(2, append(scope, spans...))...)))
	for i := range p.Entries {
		e := &p.Entries[i]
		if e.TS == 0 {
			e.TS = plantedStart + int64(i+1)*1e7
		}
		if e.Stream == nil {
			e.Stream = map[string]string{"service_name": "planted"}
		}
		e.Metadata = merge(map[string]string{"trace_id": PlantedTrace, "span_id": PlantedSpan}, e.Metadata)
	}
	c.Files["loki.json"] = EncodeEntries(p.Entries)
	return c
}

// statusError is the code of an OTLP Status.
var statusError = protowire.AppendVarint(protowire.AppendTag(nil, 3, protowire.VarintType), 2)

func times(start, end int64) []byte {
	body := protowire.AppendFixed64(protowire.AppendTag(nil, 7, protowire.Fixed64Type), uint64(start))
	return protowire.AppendFixed64(protowire.AppendTag(body, 8, protowire.Fixed64Type), uint64(end))
}

func eventTime(at int64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(nil, 1, protowire.Fixed64Type), uint64(at))
}
