package replay

import (
	"fmt"
	"strings"
)

// Jaeger answers as a Jaeger query service does, from the cases it was given.
type Jaeger struct {
	*Server
	v1, v3 map[string]Answer
	// NoV1 and NoV3 take one generation of the API away, as older and newer servers lack them.
	NoV1, NoV3 bool

	searchIn []*Case
}

// NewJaeger starts a Jaeger that holds the traces of cases.
func NewJaeger(cases ...*Case) *Jaeger {
	j := &Jaeger{v1: map[string]Answer{}, v3: map[string]Answer{}}
	j.Server = newServer(j.reply)
	for _, c := range cases {
		j.Serve(c)
	}
	return j
}

// Serve adds the traces of c.
func (j *Jaeger) Serve(c *Case) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, id := range c.Meta.TraceIDs {
		suffix := ""
		if i > 0 {
			suffix = fmt.Sprintf(".t%d", i+1)
		}
		j.v1[id] = c.answer("jaeger"+suffix+".json", "application/json")
		j.v3[id] = c.answer("jaeger_v3"+suffix+".json", "application/json")
	}
}

func (j *Jaeger) reply(s *Server, r *Seen) Answer {
	switch {
	case strings.HasPrefix(r.Path, "/api/v3/traces/"):
		if j.NoV3 {
			return text(404, "404 page not found\n")
		}
		if r.Query.Get("raw_traces") != "true" && r.Query.Get("rawTraces") != "true" {
			s.complain("Jaeger v3 trace asked for without raw_traces=true: the times are adjusted (%s)", r.RawQuery)
		}
		return j.byID(r, j.v3, "jaeger_v3_bad_id", "jaeger_v3_not_found_404")
	case strings.HasPrefix(r.Path, "/api/traces/"):
		if j.NoV1 {
			return API("jaeger_main_search_404")
		}
		if r.Query.Get("raw") != "true" {
			s.complain("Jaeger trace asked for without raw=true: the times are adjusted (%s)", r.RawQuery)
		}
		return j.byID(r, j.v1, "jaeger_bad_id_400", "jaeger_not_found_404")
	case r.Path == "/api/v3/traces" && j.searchIn != nil && !j.NoV3:
		return j.found(r, true)
	case r.Path == "/api/traces" && j.searchIn != nil && !j.NoV1:
		return j.found(r, false)
	case r.Path == "/api/v3/traces" && j.NoV3:
		return text(404, "404 page not found\n")
	case r.Path == "/api/services":
		if j.NoV1 {
			return API("jaeger_main_services_404")
		}
		return API("jaeger_services")
	case r.Path == "/api/v3/services":
		if j.NoV3 {
			return text(404, "404 page not found\n")
		}
		return API("jaeger_v3_services")
	}
	s.complain("Jaeger has no such route: %s", r.Path)
	return text(404, "404 page not found\n")
}

func (j *Jaeger) byID(r *Seen, traces map[string]Answer, badID, missing string) Answer {
	id := r.Path[strings.LastIndexByte(r.Path, '/')+1:]
	if notHex.MatchString(id) || len(id) > 32 || id == "" {
		j.complain("trace id %q was sent to Jaeger although it is not 1 to 32 hex digits", id)
		return API(badID)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	answer := traces[strings.Repeat("0", 32-len(id))+strings.ToLower(id)]
	if answer.Status == 0 {
		return API(missing)
	}
	return answer
}
