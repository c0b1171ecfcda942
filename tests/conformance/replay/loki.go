package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Loki evaluates the log queries it gets against the recorded entries of its cases, as Loki would:
// half-open time range, limit, direction, categorized labels only when asked for.
type Loki struct {
	*Server
	// MaxEntries is max_entries_limit_per_query.
	MaxEntries int
	// Tenant, when set, is the only tenant with data; a request must name one.
	Tenant string
	// Old makes it ignore the categorize-labels flag, as old Lokis and some proxies do.
	Old bool
	// MaxRange is max_query_length.
	MaxRange time.Duration

	entries []Entry
	queries []string
}

// NewLoki starts a Loki that holds the entries of cases.
func NewLoki(cases ...*Case) *Loki {
	l := &Loki{MaxEntries: 5000, MaxRange: 721 * time.Hour}
	l.Server = newServer(l.reply)
	for _, c := range cases {
		l.Serve(c)
	}
	return l
}

// Serve adds the entries of c. It panics when the case cannot be read: that is a broken fixture.
func (l *Loki) Serve(c *Case) {
	entries, err := c.Entries()
	if err != nil {
		panic(err)
	}
	l.Add(entries...)
}

// Add stores entries.
func (l *Loki) Add(entries ...Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, entries...)
}

// Queries are the log queries so far, in order.
func (l *Loki) Queries() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.queries...)
}

func (l *Loki) reply(s *Server, r *Seen) Answer {
	if l.Tenant != "" && r.Path != "/ready" {
		switch tenant := r.Header.Get("X-Scope-OrgID"); {
		case tenant == "":
			return API("loki_no_org_id_401")
		case strings.Contains(tenant, "|"):
			return API("loki_multi_tenant_500")
		}
	}
	path := strings.TrimPrefix(r.Path, "/loki/api/v1")
	switch {
	case path == "/query_range":
		return l.queryRange(r)
	case path == "/query":
		return API("loki_health_vector")
	case r.Path == "/ready":
		return API("loki_ready")
	case path == "/status/buildinfo":
		return API("loki_buildinfo")
	case path == "/labels":
		return l.list(r, func(e Entry) []string { return keys(e.Stream) })
	case strings.HasPrefix(path, "/label/") && strings.HasSuffix(path, "/values"):
		name := strings.TrimSuffix(strings.TrimPrefix(path, "/label/"), "/values")
		return l.list(r, func(e Entry) []string {
			if v, ok := e.Stream[name]; ok {
				return []string{v}
			}
			return nil
		})
	case path == "/index/stats":
		return API("loki_index_stats")
	case path == "/drilldown-limits":
		return text(404, "404 page not found\n") // as before Loki 3.6
	}
	s.complain("Loki has no such route: %s", r.Path)
	return API("loki_not_found_404")
}

func (l *Loki) queryRange(r *Seen) Answer {
	l.checkRange(r)
	query, err := parseLogQL(r.Query.Get("query"))
	l.mu.Lock()
	l.queries = append(l.queries, r.Query.Get("query"))
	l.mu.Unlock()
	if err != nil {
		var unsupported errUnsupported
		if errors.As(err, &unsupported) {
			l.complain("%v: %s", err, r.Query.Get("query"))
		}
		return text(400, err.Error())
	}
	start, end, err := lokiRange(r)
	if err != nil {
		return text(400, err.Error())
	}
	if end <= start {
		return API("loki_end_before_start_400")
	}
	if length := time.Duration(end - start); length > l.MaxRange {
		return text(400, fmt.Sprintf("the query time range exceeds the limit (query length: %s, limit: %s)", length, l.MaxRange))
	}
	limit := 100
	if r.Query.Has("limit") {
		limit, _ = strconv.Atoi(r.Query.Get("limit"))
	}
	if limit <= 0 {
		return API("loki_limit_zero_400")
	}
	if limit > l.MaxEntries {
		return text(400, fmt.Sprintf("max entries limit per query exceeded, limit > max_entries_limit_per_query (%d > %d)", limit, l.MaxEntries))
	}
	l.mu.Lock()
	all := l.entries
	l.mu.Unlock()
	if l.Tenant != "" && r.Header.Get("X-Scope-OrgID") != l.Tenant {
		all = nil
	}
	backward := !strings.EqualFold(r.Query.Get("direction"), "forward")
	hits := query.run(all, start, end, limit, backward)
	categorize := strings.Contains(r.Header.Get("X-Loki-Response-Encoding-Flags"), "categorize-labels") && !l.Old
	return Answer{200, "application/json; charset=UTF-8", encodeEntries(hits, categorize)}
}

var nineteen = regexp.MustCompile(`^\d{19}$`)

func (l *Loki) checkRange(r *Seen) {
	if !strings.Contains(r.Header.Get("X-Loki-Response-Encoding-Flags"), "categorize-labels") {
		l.complain("query_range without X-Loki-Response-Encoding-Flags: categorize-labels")
	}
	for _, key := range []string{"start", "end"} {
		if v := r.Query.Get(key); !nineteen.MatchString(v) {
			l.complain("query_range with %s=%q, not 19 digits of nanoseconds", key, v)
		}
	}
	if !strings.EqualFold(r.Query.Get("direction"), "forward") {
		l.complain("query_range with direction=%q: a cut answer would lose the oldest records", r.Query.Get("direction"))
	}
	if !r.Query.Has("limit") {
		l.complain("query_range without limit: Loki would send 100 records")
	}
	if r.Query.Has("step") || r.Query.Has("interval") {
		l.complain("query_range with step or interval: %s", r.RawQuery)
	}
}

// lokiRange reads start and end as Loki does: up to ten digits are seconds, more are nanoseconds.
func lokiRange(r *Seen) (int64, int64, error) {
	end := time.Now().UnixNano()
	start := end - int64(time.Hour)
	for key, at := range map[string]*int64{"start": &start, "end": &end} {
		text := r.Query.Get(key)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("cannot parse %q to a valid timestamp", text)
		}
		if len(text) <= 10 {
			n *= int64(time.Second)
		}
		*at = n
	}
	return start, end, nil
}

func keys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// list answers a labels request: each value of pick over the entries in range once, sorted.
func (l *Loki) list(r *Seen, pick func(Entry) []string) Answer {
	start, end, err := lokiRange(r)
	if err != nil {
		return text(400, err.Error())
	}
	have := map[string]bool{}
	l.mu.Lock()
	for _, e := range l.entries {
		if e.TS >= start && e.TS < end {
			for _, v := range pick(e) {
				have[v] = true
			}
		}
	}
	l.mu.Unlock()
	if len(have) == 0 {
		return API("loki_labels_none")
	}
	values := make([]string, 0, len(have))
	for v := range have {
		values = append(values, v)
	}
	sort.Strings(values)
	body, _ := json.Marshal(map[string]any{"status": "success", "data": values})
	return Answer{200, "application/json; charset=UTF-8", body}
}
