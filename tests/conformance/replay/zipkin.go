package replay

import (
	"fmt"
	"strings"
)

// Zipkin answers as a Zipkin server does, from the cases it was given.
type Zipkin struct {
	*Server
	traces map[string]Answer

	searchIn []*Case
}

// NewZipkin starts a Zipkin that holds the traces of cases.
func NewZipkin(cases ...*Case) *Zipkin {
	z := &Zipkin{traces: map[string]Answer{}}
	z.Server = newServer(z.reply)
	for _, c := range cases {
		z.Serve(c)
	}
	return z
}

// Serve adds the traces of c.
func (z *Zipkin) Serve(c *Case) { z.ServeFile(c, "zipkin") }

// ServeFile adds the traces of c as recorded in file, a name without extension.
func (z *Zipkin) ServeFile(c *Case, file string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for i, id := range c.Meta.TraceIDs {
		suffix := ""
		if i > 0 {
			suffix = fmt.Sprintf(".t%d", i+1)
		}
		z.traces[id] = c.answer(file+suffix+".json", "application/json")
	}
}

func (z *Zipkin) reply(s *Server, r *Seen) Answer {
	switch {
	case strings.HasPrefix(r.Path, "/api/v2/trace/"):
		return z.byID(strings.TrimPrefix(r.Path, "/api/v2/trace/"))
	case r.Path == "/api/v2/traces" && z.searchIn != nil:
		return z.found(r)
	case r.Path == "/health":
		return API("zipkin_health")
	case r.Path == "/info":
		return API("zipkin_info")
	case r.Path == "/api/v2/services":
		return API("zipkin_services")
	case r.Path == "/api/v2/spans":
		return API("zipkin_spans")
	}
	s.complain("Zipkin has no such route: %s", r.Path)
	return text(404, "404 page not found\n")
}

func (z *Zipkin) byID(id string) Answer {
	if strings.ToLower(id) != id {
		z.complain("trace id %q has capitals: Zipkin refuses it", id)
		return API("zipkin_upper_case_id_400")
	}
	if notHex.MatchString(id) || id == "" || len(id) > 32 {
		z.complain("trace id %q was sent to Zipkin although it is not 1 to 32 hex digits", id)
		return API("zipkin_bad_id_400")
	}
	if strings.Trim(id, "0") == "" {
		return API("zipkin_zero_id_400")
	}
	// A 64-bit trace is stored under 16 digits: newer servers accept both spellings, older ones not.
	if len(id) == 32 && strings.HasPrefix(id, "0000000000000000") {
		z.complain("64-bit trace id %q sent with 32 digits: older Zipkins do not find it", id)
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	answer := z.traces[strings.Repeat("0", 32-len(id))+id]
	if answer.Status == 0 {
		return text(404, id+" not found")
	}
	return answer
}
