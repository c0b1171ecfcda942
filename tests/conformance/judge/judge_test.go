package judge

import (
	"strings"
	"testing"

	"spanlog/conformance/replay"
)

func TestAnAnswerMadeFromTheFactsScoresFullInEveryCase(t *testing.T) {
	names, err := replay.CaseNames()
	if err != nil {
		t.Fatal(err)
	}
	var results []*Result
	for _, name := range names {
		if name == "zipkin-shared" || name == "trace-not-found" || name == "loki-severity-label" {
			continue // no Tempo recording, no trace, facts of another case
		}
		x := expectOf(t, name)
		res := x.Judge(name, [][]byte{encodeIdeal(t, idealRows(x))})
		results = append(results, res)
		if !res.Good() {
			t.Errorf("%s:\n%s", name, res.Failures(4))
		}
	}
	t.Log("\n" + Table(results))
}

// Each sabotage of a right answer must be found, and by the rule that it breaks.
func TestEachSabotageIsFound(t *testing.T) {
	logRow := func(rows []*ideal) *ideal {
		for _, r := range rows {
			if r.log {
				return r
			}
		}
		t.Fatal("no log row")
		return nil
	}
	for what, test := range map[string]struct {
		sabotage func([]*ideal) []*ideal
		found    string
	}{
		"an empty span id":     {func(r []*ideal) []*ideal { r[0].id = ""; return r }, "rule ids"},
		"a span id twice":      {func(r []*ideal) []*ideal { r[1].id = r[0].id; return r }, "rule ids"},
		"status 3":             {func(r []*ideal) []*ideal { r[0].status = 3; return r }, "rule status"},
		"a start of zero":      {func(r []*ideal) []*ideal { r[0].startNS = 0; return r }, "rule times"},
		"a negative duration":  {func(r []*ideal) []*ideal { r[0].durationNS = -1; return r }, "rule times"},
		"a circle":             {func(r []*ideal) []*ideal { r[0].parent = r[0].id; return r }, "rule cycle"},
		"a log without parent": {func(r []*ideal) []*ideal { logRow(r).parent = ""; return r }, "rule parents"},
		"a log with references": {func(r []*ideal) []*ideal {
			logRow(r).references = []map[string]any{{"traceID": "a", "spanID": "b"}}
			return r
		}, "rule references"},
		"a reference without span id": {func(r []*ideal) []*ideal { r[0].references = []map[string]any{{"traceID": "a"}}; return r }, "rule json cells"},
		"a tag twice":                 {func(r []*ideal) []*ideal { r[0].tag("k", "v"); r[0].tag("k", "v"); return r }, "rule duplicate attributes"},
		"raw HTML": {func(r []*ideal) []*ideal {
			r[0].tags = append(r[0].tags, map[string]any{"key": "x", "value": "a <b>", "type": "text"})
			return r
		}, "rule html"},
		"rows out of order":         {func(r []*ideal) []*ideal { r[0], r[1] = r[1], r[0]; return r }, "rule order"},
		"a log far outside":         {func(r []*ideal) []*ideal { r[len(r)-1].startNS += 3600e9; return r }, "rule extent"},
		"an unknown role":           {func(r []*ideal) []*ideal { logRow(r).tag("message.role", "eval"); return r }, "rule contract"},
		"a lost span":               {func(r []*ideal) []*ideal { return r[1:] }, "span "},
		"a wrong service":           {func(r []*ideal) []*ideal { r[0].service = "x"; return r }, "span "},
		"a wrong start":             {func(r []*ideal) []*ideal { r[0].startNS -= 1000; return r }, "span "},
		"a span nobody sent":        {func(r []*ideal) []*ideal { return append(r, &ideal{id: "extra", startNS: r[len(r)-1].startNS}) }, "span "},
		"a lost log":                {func(r []*ideal) []*ideal { return without(r, logRow(r)) }, "record: "},
		"a log shown twice":         {func(r []*ideal) []*ideal { return twice(r, logRow(r)) }, "record: "},
		"a log below another span":  {func(r []*ideal) []*ideal { logRow(r).parent = "72c281056341625b"; return r }, "record: "},
		"a message in another role": {func(r []*ideal) []*ideal { setTag(message(r), "message.role", "system"); return r }, "message: "},
		"a message with other text": {func(r []*ideal) []*ideal { setTag(message(r), "@message", "other"); return r }, "message: "},
		"a message shown twice":     {func(r []*ideal) []*ideal { return twice(r, message(r)) }, "message: "},
	} {
		x := expectOf(t, "g1-happy")
		res := x.Judge(what, [][]byte{encodeIdeal(t, test.sabotage(idealRows(x)))})
		if !strings.Contains(res.Failures(20), test.found) {
			t.Errorf("%s: not found; the judge said:\n%s", what, res.Failures(20))
		}
	}
}

func TestASecondTraceFrameAndAFrameOfAnotherKindAreFound(t *testing.T) {
	x := expectOf(t, "no-logs")
	raw := encodeIdeal(t, idealRows(x))
	if res := x.Judge("two", [][]byte{raw, raw}); len(res.Rules["frames"]) != 1 {
		t.Errorf("two trace frames: %v", res.Rules)
	}
	if res := x.Judge("none", nil); len(res.Rules["frames"]) != 1 {
		t.Errorf("no frame: %v", res.Rules)
	}
	if res := x.Judge("junk", [][]byte{[]byte("ARROW1 junk")}); len(res.Rules["decode"]) == 0 {
		t.Errorf("junk: %v", res.Rules)
	}
}

func without(rows []*ideal, gone *ideal) []*ideal {
	var out []*ideal
	for _, r := range rows {
		if r != gone {
			out = append(out, r)
		}
	}
	return out
}

func twice(rows []*ideal, r *ideal) []*ideal {
	same := *r
	same.id += "-again"
	var out []*ideal
	for _, e := range rows {
		out = append(out, e)
		if e == r {
			out = append(out, &same)
		}
	}
	return out
}

// message is a message row with text that the case has only once in a call.
func message(rows []*ideal) *ideal {
	for _, r := range rows {
		for _, tag := range r.tags {
			if tag["key"] == "message.role" && tag["value"] == "user" {
				return r
			}
		}
	}
	return nil
}

func setTag(r *ideal, key, value string) {
	for _, tag := range r.tags {
		if tag["key"] == key {
			tag["value"] = value
		}
	}
}
