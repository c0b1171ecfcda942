package replay

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// logQuery is the part of LogQL that a log query needs: a selector and stages.
type logQuery struct {
	matchers []matcher
	stages   []stage
}

// stage keeps or drops an entry; a parser stage may add to e.parsed.
type stage func(e *Entry) bool

type matcher struct {
	key, op, value string
	re             *regexp.Regexp
}

func (m matcher) matches(value string) bool {
	switch m.op {
	case "=", "==":
		return value == m.value
	case "!=":
		return value != m.value
	case "=~":
		return m.re.MatchString(value)
	default:
		return !m.re.MatchString(value)
	}
}

func newMatcher(key, op, value string) (matcher, error) {
	m := matcher{key: key, op: op, value: value}
	var err error
	if op == "=~" || op == "!~" {
		m.re, err = regexp.Compile("^(?s:" + value + ")$") // RE2, anchored at both ends as Loki does
	}
	return m, err
}

type logqlParser struct {
	text string
	pos  int
}

// errUnsupported marks valid LogQL that this server does not evaluate.
type errUnsupported struct{ what string }

func (e errUnsupported) Error() string { return e.what + " is not evaluated by the replay Loki" }

// parseLogQL reads a log query. Errors have Loki's form.
func parseLogQL(text string) (*logQuery, error) {
	p := &logqlParser{text: text}
	q := &logQuery{}
	if err := p.selector(q); err != nil {
		return nil, err
	}
	for p.space(); p.pos < len(p.text); p.space() {
		s, err := p.stage()
		if err != nil {
			return nil, err
		}
		q.stages = append(q.stages, s)
	}
	return q, nil
}

func (p *logqlParser) fail(want string) error {
	got := "end of input"
	if p.pos < len(p.text) {
		got = strconv.Quote(p.text[p.pos:min(len(p.text), p.pos+12)])
	}
	return fmt.Errorf("parse error at line 1, col %d: syntax error: unexpected %s, expecting %s", p.pos+1, got, want)
}

func (p *logqlParser) space() {
	for p.pos < len(p.text) && (unicode.IsSpace(rune(p.text[p.pos])) || p.text[p.pos] == '#') {
		if p.text[p.pos] == '#' {
			for p.pos < len(p.text) && p.text[p.pos] != '\n' {
				p.pos++
			}
			continue
		}
		p.pos++
	}
}

// take consumes the first of tokens that comes next; longer tokens first.
func (p *logqlParser) take(tokens ...string) string {
	p.space()
	for _, t := range tokens {
		if strings.HasPrefix(p.text[p.pos:], t) {
			p.pos += len(t)
			return t
		}
	}
	return ""
}

func (p *logqlParser) ident() string {
	p.space()
	start := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || p.pos > start && c >= '0' && c <= '9' {
			p.pos++
			continue
		}
		break
	}
	return p.text[start:p.pos]
}

// word consumes w when it is the next whole identifier.
func (p *logqlParser) word(w string) bool {
	before := p.pos
	if p.ident() == w {
		return true
	}
	p.pos = before
	return false
}

func (p *logqlParser) quoted() (string, error) {
	p.space()
	if p.pos >= len(p.text) || p.text[p.pos] != '"' && p.text[p.pos] != '`' {
		return "", p.fail("STRING")
	}
	literal, err := strconv.QuotedPrefix(p.text[p.pos:])
	if err != nil {
		return "", p.fail("closed STRING")
	}
	p.pos += len(literal)
	return strconv.Unquote(literal)
}

func (p *logqlParser) selector(q *logQuery) error {
	if p.take("{") == "" {
		return p.fail("{")
	}
	selective := false
	for p.take("}") == "" {
		if len(q.matchers) > 0 && p.take(",") == "" {
			return p.fail("} or ,")
		}
		if len(q.matchers) > 0 && p.take("}") != "" {
			break
		}
		m, err := p.matcher()
		if err != nil {
			return err
		}
		selective = selective || (m.op == "=" || m.op == "=~") && !m.matches("")
		q.matchers = append(q.matchers, m)
	}
	if !selective {
		return fmt.Errorf("%s", API("loki_no_matcher_400").Body)
	}
	return nil
}

func (p *logqlParser) matcher() (matcher, error) {
	key := p.ident()
	if key == "" {
		return matcher{}, p.fail("IDENTIFIER")
	}
	op := p.take("=~", "!~", "!=", "==", "=")
	if op == "" {
		return matcher{}, p.fail("= or != or =~ or !~")
	}
	value, err := p.quoted()
	if err != nil {
		return matcher{}, err
	}
	return newMatcher(key, op, value)
}

func (p *logqlParser) stage() (stage, error) {
	switch op := p.take("|=", "|~", "!=", "!~", "|"); op {
	case "":
		return nil, p.fail("|")
	case "|":
		return p.pipe()
	default:
		return p.lineFilter(op)
	}
}

func (p *logqlParser) lineFilter(op string) (stage, error) {
	var tests []func(string) bool
	for {
		value, err := p.quoted()
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(op, "~") {
			re, err := regexp.Compile(value)
			if err != nil {
				return nil, fmt.Errorf("parse error : %w", err)
			}
			tests = append(tests, re.MatchString)
		} else {
			tests = append(tests, func(line string) bool { return strings.Contains(line, value) })
		}
		if !p.word("or") {
			break
		}
	}
	negated := strings.HasPrefix(op, "!")
	return func(e *Entry) bool {
		any := false
		for _, test := range tests {
			any = any || test(e.Line)
		}
		return any != negated
	}, nil
}

func (p *logqlParser) pipe() (stage, error) {
	before := p.pos
	name := p.ident()
	switch name {
	case "json":
		return p.parserStage(name, parseJSONLine)
	case "logfmt":
		return p.parserStage(name, parseLogfmtLine)
	case "regexp":
		pattern, err := p.quoted()
		if err != nil {
			return nil, err
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("parse error : %w", err)
		}
		return func(e *Entry) bool { e.extract(parseRegexpLine(re, e.Line)); return true }, nil
	case "decolorize":
		return func(*Entry) bool { return true }, nil
	case "line_format", "label_format", "pattern", "unpack", "drop", "keep", "unwrap":
		return nil, errUnsupported{"| " + name}
	}
	p.pos = before
	return p.labelFilter()
}

func (p *logqlParser) parserStage(name string, parse func(string) map[string]string) (stage, error) {
	p.space()
	if p.pos < len(p.text) && p.text[p.pos] != '|' && p.text[p.pos] != '!' {
		return nil, errUnsupported{"| " + name + " with arguments"}
	}
	return func(e *Entry) bool { e.extract(parse(e.Line)); return true }, nil
}

// labelFilter reads comparisons joined by and, comma and or; "and" binds tighter.
func (p *logqlParser) labelFilter() (stage, error) {
	left, err := p.andFilter()
	if err != nil {
		return nil, err
	}
	for p.word("or") {
		right, err := p.andFilter()
		if err != nil {
			return nil, err
		}
		a := left
		left = func(e *Entry) bool { return a(e) || right(e) }
	}
	return left, nil
}

func (p *logqlParser) andFilter() (stage, error) {
	left, err := p.oneFilter()
	if err != nil {
		return nil, err
	}
	for p.word("and") || p.take(",") != "" {
		right, err := p.oneFilter()
		if err != nil {
			return nil, err
		}
		a := left
		left = func(e *Entry) bool { return a(e) && right(e) }
	}
	return left, nil
}

func (p *logqlParser) oneFilter() (stage, error) {
	if p.take("(") != "" {
		inner, err := p.labelFilter()
		if err == nil && p.take(")") == "" {
			err = p.fail(")")
		}
		return inner, err
	}
	m, err := p.matcher()
	if err != nil {
		return nil, err
	}
	return func(e *Entry) bool { return m.matches(e.label(m.key)) }, nil
}
