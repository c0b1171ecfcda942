package conformance

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"spanlog/conformance/judge"
)

var (
	calls  = regexp.MustCompile(`(?:^|\D)(\d+) LLM\b`)
	tokens = regexp.MustCompile(`([\d.]+)(k|M)?→([\d.]+)(k|M)?`)
)

// The root's summary counts calls and tokens once, whatever agent spans repeat.
func TestTheSummaryOfTheRootCountsCallsAndTokensOnce(t *testing.T) {
	for _, c := range allCases(t) {
		var facts struct {
			Calls   int            `json:"llm_calls"`
			Sum     map[string]int `json:"llm_tokens_sum"`
			ByTrace map[string]int `json:"real_spans_by_trace"`
		}
		if err := json.Unmarshal(c.Meta.Facts, &facts); err != nil {
			t.Fatal(err)
		}
		if facts.Calls == 0 || len(facts.ByTrace) != 1 || notRecorded(c, "tempo") != "" {
			continue // the sums of a case with two traces are of both
		}
		t.Run(c.Meta.Name, func(t *testing.T) {
			s := startStores(t, "tempo", c)
			from, to := around(c)
			w := &world{c: c, settings: s.settings(c), id: c.Meta.TraceIDs[0], from: from, to: to}
			summary := rootSummary(decode(t, w.answer(t, running(t))))
			if found := calls.FindStringSubmatch(summary); found == nil || found[1] != strconv.Itoa(facts.Calls) {
				t.Errorf("summary %q, want %d LLM", summary, facts.Calls)
			}
			if facts.Sum["input"] == 0 {
				return
			}
			in := []string{number(facts.Sum["input"])}
			if all := facts.Sum["input"] + facts.Sum["cache_read"] + facts.Sum["cache_write"]; strings.HasPrefix(c.Meta.Name, "claude-code") {
				in = []string{number(all)} // its input leaves the cache out; ours never does
			}
			found := tokens.FindString(summary)
			if want := in[0] + "→" + number(facts.Sum["output"]); !sameTokens(found, want) {
				t.Errorf("summary %q has the tokens %q, want %q", summary, found, want)
			}
		})
	}
}

func rootSummary(trace *judge.Trace) string {
	for _, r := range trace.Rows {
		if r.Parent == "" && !r.IsLog() && r.Text("summary") != "" {
			return r.Text("summary")
		}
	}
	return ""
}

func number(n int) string { return strconv.Itoa(n) }

// sameTokens compares "12.4k→1.1k" with whole numbers, to the digits that the short form has.
func sameTokens(short, want string) bool {
	found := tokens.FindStringSubmatch(short)
	whole := tokens.FindStringSubmatch(want)
	if found == nil || whole == nil {
		return false
	}
	near := func(digits, unit, want string) bool {
		value, err := strconv.ParseFloat(digits, 64)
		exact, _ := strconv.ParseFloat(want, 64)
		if err != nil {
			return false
		}
		factor := map[string]float64{"": 1, "k": 1e3, "M": 1e6}[unit]
		step := factor
		if _, decimals, ok := strings.Cut(digits, "."); ok {
			for range decimals {
				step /= 10
			}
		}
		return fmt.Sprintf("%.0f", value*factor) == fmt.Sprintf("%.0f", exact) || factor > 1 && value*factor-exact <= step && exact-value*factor <= step
	}
	return near(found[1], found[2], whole[1]) && near(found[3], found[4], whole[3])
}
