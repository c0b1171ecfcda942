package judge

import (
	"fmt"
	"sort"
	"strings"
)

// Score counts what was looked for and what was found right.
type Score struct {
	Got, Want int
	Wrong     []string
}

func (s *Score) want(n int)  { s.Want += n }
func (s *Score) right(n int) { s.Got += n }
func (s *Score) wrong(format string, args ...any) {
	s.Wrong = append(s.Wrong, fmt.Sprintf(format, args...))
}

func (s Score) String() string { return fmt.Sprintf("%d/%d", s.Got, s.Want) }

// Full says that everything was found and nothing was wrong.
func (s Score) Full() bool { return s.Got == s.Want && len(s.Wrong) == 0 }

// Result is the judgement over one answer.
type Result struct {
	Name     string
	Rules    map[string][]string // broken rules
	Spans    Score
	Records  Score
	Messages Score
	Rows     int
	Excluded []string // what was not judged, and why
	Notes    []string // what is worth a look but breaks no rule
}

// Broke notes that a rule of the frame is broken.
func (r *Result) Broke(rule, format string, args ...any) {
	if r.Rules == nil {
		r.Rules = map[string][]string{}
	}
	r.Rules[rule] = append(r.Rules[rule], fmt.Sprintf(format, args...))
}

// Good says that no rule is broken and all scores are full.
func (r *Result) Good() bool {
	return len(r.Rules) == 0 && r.Spans.Full() && r.Records.Full() && r.Messages.Full()
}

// Broken is the number of breaches of the frame's rules.
func (r *Result) Broken() int {
	n := 0
	for _, list := range r.Rules {
		n += len(list)
	}
	return n
}

// Failures lists what was wrong, at most limit lines of each kind.
func (r *Result) Failures(limit int) string {
	var b strings.Builder
	list := func(title string, lines []string) {
		for i, line := range lines {
			if i == limit {
				fmt.Fprintf(&b, "%s: … and %d more\n", title, len(lines)-limit)
				break
			}
			fmt.Fprintf(&b, "%s: %s\n", title, line)
		}
	}
	var rules []string
	for rule := range r.Rules {
		rules = append(rules, rule)
	}
	sort.Strings(rules)
	for _, rule := range rules {
		list("rule "+rule, r.Rules[rule])
	}
	list("span", r.Spans.Wrong)
	list("record", r.Records.Wrong)
	list("message", r.Messages.Wrong)
	return b.String()
}

// Table is the score of every result and the sum.
func Table(results []*Result) string {
	var b strings.Builder
	var sum Result
	good := 0
	fmt.Fprintf(&b, "%-44s %5s %9s %11s %9s %6s\n", "case", "rows", "spans", "records", "messages", "rules")
	for _, r := range results {
		mark := ""
		if r.Good() {
			good++
		} else {
			mark = "  <- wrong"
		}
		fmt.Fprintf(&b, "%-44s %5d %9s %11s %9s %6d%s\n", r.Name, r.Rows, r.Spans, r.Records, r.Messages, r.Broken(), mark)
		for from, to := range map[*Score]*Score{&r.Spans: &sum.Spans, &r.Records: &sum.Records, &r.Messages: &sum.Messages} {
			to.Got += from.Got
			to.Want += from.Want
		}
		sum.Rows += r.Rows
		for rule, list := range r.Rules {
			for _, line := range list {
				sum.Broke(rule, "%s", line)
			}
		}
	}
	fmt.Fprintf(&b, "%-44s %5d %9s %11s %9s %6d\n", fmt.Sprintf("in all: %d of %d cases right", good, len(results)),
		sum.Rows, sum.Spans, sum.Records, sum.Messages, sum.Broken())
	return b.String()
}
