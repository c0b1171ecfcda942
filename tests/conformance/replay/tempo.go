package replay

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Tempo answers as Tempo does, from the cases it was given.
type Tempo struct {
	*Server
	traces map[string]tempoTrace // by 32 hex digits
	// Old makes it a Tempo before 2.6, which has no /api/v2/traces.
	Old bool
	// Hits, when set, answers every search.
	Hits []byte

	searchIn []*Case
	// Search, when set, answers /api/search.
	Search func(*Seen) Answer
}

type tempoTrace struct{ v2, v2json, v1 Answer }

// NewTempo starts a Tempo that holds the traces of cases.
func NewTempo(cases ...*Case) *Tempo {
	t := &Tempo{traces: map[string]tempoTrace{}}
	t.Server = newServer(t.reply)
	for _, c := range cases {
		t.Serve(c)
	}
	return t
}

// Serve adds the traces of c.
func (t *Tempo) Serve(c *Case) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, id := range c.Meta.TraceIDs {
		suffix := ""
		if i > 0 {
			suffix = fmt.Sprintf(".t%d", i+1)
		}
		trace := tempoTrace{
			v2:     c.answer("tempo_v2"+suffix+".pb", "application/protobuf"),
			v2json: c.answer("tempo_v2"+suffix+".json", "application/json"),
			v1:     c.answer("tempo_v1"+suffix+".pb", "application/protobuf"),
		}
		if _, ok := c.Files["tempo_v1.txt"]; ok {
			trace.v1 = c.answer("tempo_v1.txt", "")
		}
		t.traces[id] = trace
	}
}

// ServeBody adds one trace by its v2 protobuf body.
func (t *Tempo) ServeBody(id string, v2 []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.traces[id] = tempoTrace{v2: Answer{200, "application/protobuf", v2}}
}

// Drop removes the trace, as if it had been sampled away.
func (t *Tempo) Drop(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.traces, id)
}

// answer is what was recorded in file, or an empty Answer when the case has no such file.
func (c *Case) answer(file, contentType string) Answer {
	body, ok := c.Files[file]
	if !ok {
		return Answer{}
	}
	if r, ok := c.request(file); ok {
		return Answer{r.Status, r.ContentType, body}
	}
	return Answer{200, contentType, body}
}

var notHex = regexp.MustCompile(`[^0-9a-fA-F]`)

func (t *Tempo) reply(s *Server, r *Seen) Answer {
	switch {
	case r.Path == "/api/echo":
		return API("tempo_echo")
	case r.Path == "/ready":
		return API("tempo_ready")
	case r.Path == "/api/status/buildinfo":
		return API("tempo_buildinfo")
	case strings.HasPrefix(r.Path, "/api/v2/traces/") && !t.Old:
		return t.byID(r, strings.TrimPrefix(r.Path, "/api/v2/traces/"), true)
	case strings.HasPrefix(r.Path, "/api/traces/"):
		return t.byID(r, strings.TrimPrefix(r.Path, "/api/traces/"), false)
	case r.Path == "/api/search" && t.Hits != nil:
		return Answer{200, "application/json", t.Hits}
	case r.Path == "/api/search" && t.searchIn != nil:
		return t.found(r)
	case r.Path == "/api/search" && t.Search != nil:
		return t.Search(r)
	case r.Path == "/api/search":
		return tempoSearch(r)
	case r.Path == "/api/v2/search/tags":
		return API("tempo_tags_v2")
	case strings.HasPrefix(r.Path, "/api/v2/search/tag/"):
		return API("tempo_tag_values_service")
	}
	if !t.Old {
		s.complain("Tempo has no such route: %s", r.Path)
	}
	return API("tempo_no_route")
}

func (t *Tempo) byID(r *Seen, id string, v2 bool) Answer {
	t.checkTraceRequest(r)
	if bad := notHex.FindStringIndex(id); bad != nil {
		t.complain("trace id %q was sent to Tempo although it is not hex", id)
		return text(400, fmt.Sprintf("trace IDs can only contain hex characters: invalid character '%c' at position %d",
			id[bad[0]], bad[0]+1))
	}
	if len(id) > 32 || id == "" {
		t.complain("trace id %q has %d digits", id, len(id))
		return API("tempo_long_id")
	}
	id = strings.Repeat("0", 32-len(id)) + strings.ToLower(id)
	if a, ok := tempoRange(r); !ok {
		return a
	}
	proto := strings.Contains(r.Header.Get("Accept"), "application/protobuf")
	t.mu.Lock()
	trace := t.traces[id]
	t.mu.Unlock()
	answer, missing := trace.v1, "tempo_v1_not_found"
	if v2 {
		answer, missing = trace.v2, "tempo_v2_not_found"
		if !proto {
			answer, missing = trace.v2json, "tempo_v2_not_found_json"
		}
	}
	if answer.Status == 0 {
		return API(missing)
	}
	return answer
}

func (t *Tempo) checkTraceRequest(r *Seen) {
	if r.Method != "GET" {
		t.complain("trace asked for with %s", r.Method)
	}
	if !strings.Contains(r.Header.Get("Accept"), "application/protobuf") {
		t.complain("trace asked for with Accept %q, not application/protobuf", r.Header.Get("Accept"))
	}
	if r.Query.Has("start") != r.Query.Has("end") {
		t.complain("only one of start and end: Tempo ignores it (%s)", r.RawQuery)
	}
}

// tempoRange checks start and end as Tempo does: whole seconds, start before end.
func tempoRange(r *Seen) (Answer, bool) {
	if !r.Query.Has("start") || !r.Query.Has("end") {
		return Answer{}, true
	}
	start, err := strconv.ParseInt(r.Query.Get("start"), 10, 64)
	if err != nil {
		return API("tempo_bad_start"), false
	}
	end, err := strconv.ParseInt(r.Query.Get("end"), 10, 64)
	if err != nil {
		return API("tempo_bad_start"), false
	}
	if end <= start {
		return API("tempo_end_before_start"), false
	}
	return Answer{}, true
}

func tempoSearch(r *Seen) Answer {
	q := r.Query.Get("q")
	switch {
	case q != "" && r.Query.Has("tags"):
		return API("tempo_search_q_and_tags")
	case !strings.HasPrefix(strings.TrimSpace(q), "{") || strings.Count(q, "{") != strings.Count(q, "}"):
		return API("tempo_search_syntax_error")
	case strings.Contains(q, "select("):
		return API("tempo_search_select")
	case strings.Contains(q, "no-such"):
		return API("tempo_search_empty")
	}
	return API("tempo_search_service")
}
