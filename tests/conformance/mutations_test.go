package conformance

import (
	"fmt"
	"testing"
	"time"

	"spanlog/conformance/judge"
	"spanlog/conformance/mutate"
	"spanlog/conformance/replay"
)

// families are the cases that are mutated: at least one of each dialect and log layout.
var families = []string{
	"g0-span-events", "g1-happy", "g1-retry-429", "g1-error", "g2-happy", "g2-event-only", "g2-span-only", "g2-multichoice",
	"g2-structured-span", "g1-nocapture", "g2-nocontent", "nested-agents-dup", "oi-happy", "oi-multimodal", "tl-current", "tl-legacy",
	"langfuse-sdk", "vercel-ai", "pydantic-ai", "pydantic-ai-v2", "adk", "adk-legacy-attrs", "strands", "semantic-kernel-python",
	"azure-inference-span-events", "mcp-spans", "claude-code-traced", "claude-code-no-trace-ids", "codex-cli", "gemini-cli",
	"google-genai-g1", "google-genai-g2", "eval-late", "unicode-inject", "classic-logfmt", "classic-lokiexporter-json",
	"classic-plain", "classic-slog-promtail", "classic-structured-metadata", "classic-winston", "json-nested-lines",
	"multi-service-40", "trace-id-64", "trace-id-lead-zero", "span-oddities", "html-injection-logs",
}

// variants change one thing each, and the last ones all at once.
var variants = []struct {
	name    string
	options mutate.Options
}{
	{"ids", mutate.Options{Seed: 1, IDs: true}},
	{"times", mutate.Options{Shift: -(40*24*time.Hour + 3*time.Hour + 7*time.Minute + 123456789)}},
	{"order", mutate.Options{Seed: 3, Order: true}},
	{"noise", mutate.Options{Seed: 4, Noise: 6}},
	{"plain words", mutate.Options{Seed: 5, Words: mutate.Plain}},
	{"cjk words", mutate.Options{Seed: 6, Words: mutate.CJK}},
	{"code words", mutate.Options{Seed: 7, Words: mutate.Code, Loose: true}},
	{"structured", mutate.Options{Seed: 10, Structured: true}},
	{"result for response", mutate.Options{Seed: 11, Result: true}},
	{"content lists", mutate.Options{Seed: 12, Lists: true, Order: true}},
	{"escaped", mutate.Options{Seed: 13, ASCII: true, Words: mutate.CJK}},
	{"all, cjk", mutate.Options{Seed: 8, IDs: true, Shift: 99 * time.Hour, Order: true, Words: mutate.CJK, Loose: true, Noise: 5}},
	{"all, code", mutate.Options{Seed: 9, IDs: true, Shift: -time.Hour, Order: true, Words: mutate.Code, Noise: 5}},
}

// unfair says why a variant cannot be asked of a case, or "".
func unfair(name string, o mutate.Options) string {
	if name == "g0-span-events" && o.Words != nil && o.Words(1) != mutate.Plain(1) {
		return "its pseudo JSON has no way to write quotes and line ends"
	}
	return ""
}

func TestMutatedCasesAreWovenAsWellAsTheRecordedOnes(t *testing.T) {
	for _, v := range variants {
		var results []*judge.Result
		for _, name := range families {
			if unfair(name, v.options) != "" {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", v.name, name), func(t *testing.T) {
				c, err := mutate.Apply(load(t, name), v.options)
				if err != nil {
					t.Fatal(err)
				}
				s := startStores(t, "tempo", c)
				s.loki.Add(strangers(c)...)
				res := judgeCase(t, s, c, 0)
				results = append(results, res)
				if !res.Good() {
					t.Errorf("\n%s", res.Failures(4))
				}
			})
		}
		report("mutated: "+v.name, results, nil)
	}
}

// strangers are records of other traces, of the same services at the same time.
func strangers(c *replay.Case) []replay.Entry {
	var out []replay.Entry
	for i, service := range c.Meta.Services {
		out = append(out, replay.Entry{Stream: map[string]string{"service_name": service},
			TS: c.Meta.StartNS + int64(i) + 1, Line: "a record of another trace",
			Metadata: map[string]string{"trace_id": "0123456789abcdef0123456789abcdef", "span_id": "0123456789abcdef"}})
	}
	return out
}
