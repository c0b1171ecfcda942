package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

// fragment is a run of plain letters of a text that no escape changes, or "".
var letters = regexp.MustCompile(`[A-Za-z]+ [A-Za-z ,.]{10,40}[A-Za-z]`)

// spoken are fragments of what was said in a trace, from an answer to somebody who may read it.
func spoken(trace *judge.Trace) []string {
	names := map[string]bool{}
	for _, r := range trace.Rows {
		names[r.Text("tool.name")] = true
		if !r.IsLog() {
			names[r.Operation] = true
		}
	}
	var all []string
	for _, r := range trace.Rows {
		kind := r.Text("spanlog.kind")
		if kind != "message" && kind != "log" || r.Text("message.status") == "off" || r.Text("message.status") == "redacted" {
			continue
		}
		for _, key := range []string{"@message", "@tool.arguments", "@tool.result"} {
			text := r.Text(key)
			if key == "@message" && r.Text("@tool.arguments") != "" {
				continue
			}
			if f := letters.FindString(text); f != "" && !names[f] {
				all = append(all, f)
			}
		}
	}
	return all
}

func withPolicy(w *world, policy map[string]any) { w.settings.JSON["policy"] = policy }

// Every recorded case, asked by somebody who may read everything and by somebody who may not.
func TestBelowPreviewNothingThatWasSaidIsInAnyAnswer(t *testing.T) {
	names, err := replay.CaseNames()
	if err != nil {
		t.Fatal(err)
	}
	p := running(t)
	judged := 0
	for _, name := range names {
		if c := load(t, name); len(c.Meta.TraceIDs) == 0 || len(c.Files["tempo_v2.pb"]) == 0 || len(c.Files["loki.json"]) > 1<<20 {
			continue
		}
		w := newWorld(t, name)
		w.settings.UID += name
		withPolicy(w, map[string]any{"levels": map[string]any{"Admin": "full", "Editor": "metadata", "Viewer": "none"}})
		r := admin.ask(t, p, w.settings, w.query("A"))
		if r.Error != "" {
			continue // a case of a trace that is not there
		}
		said := spoken(decode(t, r))
		judged += len(said)
		for _, who := range []reader{viewer, {login: "ed", role: "Editor"}} {
			texts := map[string]string{"trace": frameText(t, who.ask(t, p, w.settings, w.query("A")))}
			for _, format := range []string{"text", "markdown", "jsonl"} {
				_, body := who.resource(t, p, w.settings, "transcript", url.Values{"traceId": {w.id}, "format": {format}, "history": {"full"}})
				texts["transcript "+format] = plain(body)
			}
			for way, text := range texts {
				for _, fragment := range said {
					if at := strings.Index(text, fragment); at >= 0 {
						t.Errorf("%s: %s shows a %s %q in %q", name, way, who.role, fragment, text[max(0, at-80):min(len(text), at+60)])
						break
					}
				}
			}
		}
		w.tempo.Close()
		w.loki.Close()
	}
	if judged < 100 {
		t.Errorf("only %d texts were judged", judged)
	}
}

// A secret and how it is written where.
const (
	mail = "jo.doe@example.org"
	card = "4111 1111 1111 1111"
	key  = "sk-proj-Ab1Cd2Ef3Gh4Ij5Kl6"
)

func jsonText(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

// planted is a world whose secrets lie in every place that a text can come from.
func planted(t *testing.T) *world {
	t.Helper()
	talk := fmt.Sprintf("My mail is %s, the card %s and the key %s.", mail, card, key)
	escaped := strings.ReplaceAll(jsonText([]map[string]any{{"role": "user", "parts": []map[string]any{{"type": "text", "content": talk}}}}), "@", `\u0040`)
	call := jsonText([]map[string]any{{"role": "assistant", "parts": []map[string]any{{"type": "tool_call", "id": "c1", "name": "pay",
		"arguments": jsonText(map[string]any{"to": mail, "card": card, "nested": jsonText(map[string]any{"api_key": key})})}}}})
	result := jsonText([]map[string]any{{"role": "tool", "parts": []map[string]any{{"type": "tool_call_response", "id": "c1", "response": jsonText(map[string]any{"receipt": mail})}}}})
	entry := func(line string, metadata map[string]string) replay.Entry {
		return replay.Entry{Line: line, Metadata: metadata}
	}
	c := replay.Planted(replay.Plant{
		SpanName: "chat " + mail,
		Attributes: map[string]string{"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.conversation.id": "conversation-1",
			"gen_ai.input.messages": escaped, "gen_ai.output.messages": call, "input.value": talk, "my.own": talk,
			"base64": base64.StdEncoding.EncodeToString([]byte(talk)), "key " + mail: "x", "http.url": "https://x/?m=jo.doe%40example.org"},
		Resource:  map[string]string{"owner": mail, "process.command_line": "agent --key " + key},
		Scope:     "scope of " + mail,
		Status:    "no account " + mail,
		Event:     "exception",
		EventText: map[string]string{"exception.message": "refused " + mail, "exception.stacktrace": "at line 1\n  key=" + key},
		Entries: []replay.Entry{
			entry("short "+strings.Repeat("padding ", 18)+mail, nil), // the title is cut inside of it
			entry(jsonText(map[string]any{"msg": talk, "user": map[string]any{"email": mail}, "n": 4111111111111111}), nil),
			entry(`level=info msg="paid by `+mail+`" api_key=`+key, map[string]string{"detected_level": "info"}),
			entry("", map[string]string{"event_name": "gen_ai.client.inference.operation.details", "gen_ai_input_messages": result, "gen_ai_output_messages": call}),
			{Stream: map[string]string{"service_name": "planted", "owner": mail}, Line: "labels", Metadata: map[string]string{"mail": mail}},
		},
	})
	w := &world{c: c, tempo: replay.NewTempo(c), loki: replay.NewLoki(c), id: replay.PlantedTrace}
	t.Cleanup(w.tempo.Close)
	t.Cleanup(w.loki.Close)
	w.settings = host.Stores("tempo", w.tempo.URL, w.loki.URL)
	w.settings.UID = strings.ReplaceAll(t.Name(), "/", "-")
	w.from, w.to = around(c)
	attribute := func(key, value string) map[string]any {
		return map[string]any{"key": key, "value": map[string]any{"stringValue": value}}
	}
	w.tempo.Hits = []byte(jsonText(map[string]any{"traces": []any{map[string]any{"traceID": w.id, "rootServiceName": "planted", "rootTraceName": "run of " + mail,
		"startTimeUnixNano": fmt.Sprint(c.Meta.StartNS), "durationMs": 2000, "spanSets": []any{map[string]any{"matched": 1, "spans": []any{map[string]any{
			"spanID": replay.PlantedSpan, "startTimeUnixNano": fmt.Sprint(c.Meta.StartNS), "durationNanos": "1000000", "attributes": []any{
				attribute("gen_ai.operation.name", "chat"), attribute("gen_ai.request.model", "m"), attribute("gen_ai.input.messages", escaped)}}}}}}}}))
	return w
}

// wantGone fails where one of words is in any way out, and returns the ways for a closer look.
func wantGone(t *testing.T, ways map[string]string, words ...string) map[string]string {
	t.Helper()
	for way, text := range ways {
		for _, word := range words {
			if at := strings.Index(text, word); at >= 0 {
				t.Errorf("%s shows %q: %q", way, word, text[max(0, at-120):min(len(text), at+60)])
			}
		}
	}
	return ways
}

func TestThePlantedSecretsAreSeenWithoutAPolicy(t *testing.T) {
	w := planted(t)
	for way, text := range admin.waysOut(t, running(t), w) {
		for _, word := range []string{mail, card, key} {
			if !strings.Contains(text, word) {
				t.Errorf("%q is not in %s: this file's tests would prove nothing", word, way)
			}
		}
	}
}

func TestTheReadyMadeRulesHoldForEveryWayOut(t *testing.T) {
	w := planted(t)
	withPolicy(w, map[string]any{"redact": []any{map[string]any{"builtin": "emails"}, map[string]any{"builtin": "cards"},
		map[string]any{"builtin": "apiKeys"}, map[string]any{"builtin": "bearerTokens"}, map[string]any{"builtin": "phones"}}})
	encoded := base64.StdEncoding.EncodeToString([]byte("My mail is " + mail))[:20]
	ways := wantGone(t, admin.waysOut(t, running(t), w), mail, "jo.doe", "example.org", "4111 1111", "4111111111111111", key, "sk-proj-Ab", encoded)
	trace := decode(t, admin.ask(t, running(t), w.settings, w.query("A")))
	if !strings.Contains(ways["trace"], "[e-mail removed]") || !strings.Contains(ways["transcript markdown"], "[card removed]") {
		t.Error("nothing says that something was removed")
	}
	told := 0
	for _, r := range trace.Rows {
		if strings.Contains(r.Text("spanlog.policy"), "removed: ") {
			told++
		}
	}
	if told < 6 {
		t.Errorf("%d rows say what was removed", told)
	}
	// The tool call's arguments are JSON still.
	for _, r := range trace.Rows {
		if args := r.Text("@tool.arguments"); args != "" && !json.Valid([]byte(args)) {
			t.Errorf("@tool.arguments is no JSON any more: %s", args)
		}
	}
}

func TestRulesByAttributePathAndExpressionReachTheMessagesThemselves(t *testing.T) {
	for name, rule := range map[string]map[string]any{
		"expression": {"regex": "My mail[^\"]*", "name": "talk"},
		"path":       {"jsonPath": "*.parts.*.content"},
		"attribute":  {"attribute": "gen_ai.input.messages"},
	} {
		t.Run(name, func(t *testing.T) {
			c := replay.Planted(replay.Plant{Attributes: map[string]string{"gen_ai.operation.name": "chat",
				"gen_ai.input.messages": `[{"role":"user","parts":[{"type":"text","content":"My mail is a secret"}]}]`}})
			w := planted(t)
			w.tempo.Serve(c)
			w.tempo.Hits = bytes.ReplaceAll(w.tempo.Hits, []byte("the card"), []byte("a secret"))
			w.loki.Close()
			w.settings.JSON = map[string]any{"traceStore": "tempo"}
			withPolicy(w, map[string]any{"redact": []any{rule}})
			wantGone(t, admin.waysOut(t, running(t), w), "a secret")
		})
	}
}

func TestTheLevelsHoldForEveryWayOut(t *testing.T) {
	w := planted(t)
	withPolicy(w, map[string]any{"levels": map[string]any{"Admin": "full", "Editor": "preview", "Viewer": "metadata", "None": "none"}, "previewChars": 8})
	p := running(t)
	for role, words := range map[string][]string{
		"Editor": {"the card", "the key " + key, "refused " + mail, "receipt"},
		"Viewer": {"My mail", "the card", key, "refused " + mail, "receipt", "paid by"},
		"None":   {"My mail", "the card", key, "refused " + mail, "receipt", "paid by"},
		"Intern": {"My mail", "the card", key, "refused " + mail, "receipt", "paid by"},
	} {
		t.Run(role, func(t *testing.T) { wantGone(t, reader{login: "x", role: role}.waysOut(t, p, w), words...) })
	}
}

func TestNobodySeesMoreByClaimingToBeAnAlert(t *testing.T) {
	w := planted(t)
	withPolicy(w, map[string]any{"levels": map[string]any{"Admin": "full", "Viewer": "none", "anonymous": "metadata", "alerting": "full"}})
	p := running(t)
	for _, headers := range []map[string]string{{"FromAlert": "true"}, {"http_FromAlert": "true"}} {
		for _, who := range []reader{{login: "viewer", role: "Viewer", headers: headers}, {role: "Viewer", headers: headers}, {role: "Admin", headers: headers}} {
			wantGone(t, who.waysOut(t, p, w), "My mail", key)
		}
	}
	// Alerting itself, which names nobody or its own admin.
	for _, who := range []reader{{none: true, headers: map[string]string{"FromAlert": "true"}},
		{login: "grafana_scheduler", role: "Admin", headers: map[string]string{"FromAlert": "true"}}} {
		if text := frameText(t, who.ask(t, p, w.settings, w.query("A"))); !strings.Contains(text, "My mail") {
			t.Errorf("%+v does not see what alerting may see", who)
		}
	}
}

func TestAQuestionCannotGetRoundThePolicy(t *testing.T) {
	w := planted(t)
	withPolicy(w, map[string]any{"levels": map[string]any{"Admin": "full", "Viewer": "metadata"}, "redact": []any{map[string]any{"builtin": "emails"}}})
	p := running(t)
	model := func(m map[string]any) *pluginv2.DataQuery { return host.JSONQuery("A", m, w.from, w.to) }
	for name, c := range map[string]struct {
		who   reader
		model map[string]any
	}{
		"a template of LogQL": {admin, map[string]any{"query": w.id, "logsQuery": `{service_name="planted"} | line_format "{{ b64enc __line__ }}"`}},
		"a pattern of LogQL":  {admin, map[string]any{"query": w.id, "logsQuery": "{service_name=\"planted\"} | regexp `(?P<a>.+)@(?P<b>.+)`"}},
		"guessing by LogQL":   {viewer, map[string]any{"query": w.id, "logsQuery": `{service_name="planted"} |= "jo.doe"`}},
		"guessing by TraceQL": {viewer, map[string]any{"query": `{ span.input.value =~ "My mail.*" }`}},
	} {
		r := c.who.ask(t, p, w.settings, model(c.model))
		wantError(t, r, []int32{403}, "downstream", "content policy")
		_ = name
	}
	if code, body := viewer.resource(t, p, w.settings, "transcript", url.Values{"traceId": {w.id}, "logsQuery": {`{service_name="planted"} | json`}}); code != 403 {
		t.Errorf("transcript: code %d, %.200s", code, body)
	}
	// What names no content is free.
	decode(t, viewer.ask(t, p, w.settings, model(map[string]any{"query": w.id, "logsQuery": `{service_name="planted"}`})))
}

func TestListsOfValuesFollowThePolicy(t *testing.T) {
	w := planted(t)
	withPolicy(w, map[string]any{"levels": map[string]any{"Admin": "full", "Viewer": "metadata"}, "redact": []any{map[string]any{"builtin": "emails"}}})
	p := running(t)
	w.tempo.Fail(replay.Answer{Status: 200, ContentType: "application/json",
		Body: []byte(`{"tagValues":[{"type":"string","value":"` + mail + `"},{"type":"string","value":"What a long way to say that I have no mail, none at all, believe me"}]}`)})
	for _, tag := range []string{"span.gen_ai.input.messages", "span.input.value", "event.exception.message"} {
		if code, body := viewer.resource(t, p, w.settings, "tag-values", url.Values{"tag": {tag}}); code != 403 || strings.Contains(body, "long way") {
			t.Errorf("%s: code %d, %s", tag, code, body)
		}
	}
	if code, body := viewer.resource(t, p, w.settings, "tag-values", url.Values{"tag": {"span.mine"}}); code != 200 || strings.Contains(body, "long way") || strings.Contains(body, mail) {
		t.Errorf("a Viewer: code %d, %s", code, body)
	}
	if _, body := admin.resource(t, p, w.settings, "tag-values", url.Values{"tag": {"span.mine"}}); !strings.Contains(body, "long way") || strings.Contains(body, mail) {
		t.Errorf("an Admin: %s", body)
	}
	if code, body := viewer.resource(t, p, w.settings, "log-label-values", url.Values{"name": {"owner"}}); code != 200 || strings.Contains(body, mail) {
		t.Errorf("labels: code %d, %s", code, body)
	}
}

func TestErrorsAreRedacted(t *testing.T) {
	w := planted(t)
	withPolicy(w, map[string]any{"redact": []any{map[string]any{"builtin": "emails"}}})
	p := fresh(t)
	w.tempo.FailText(500, "cannot read the trace of "+mail)
	r := admin.ask(t, p, w.settings, w.query("A"))
	wantError(t, r, []int32{502}, "downstream", "[e-mail removed]")
	w.tempo.Recover()
	w.loki.FailText(500, "cannot read the logs of "+mail)
	text := frameText(t, admin.ask(t, p, w.settings, w.query("A")))
	_, list := admin.resource(t, p, w.settings, "log-label-values", url.Values{"name": {"owner"}})
	wantGone(t, map[string]string{"error": r.Error, "warning": text, "list": list, "stderr": strings.Join(p.Stderr.All(), "\n")}, mail)
}

func TestMediaCanBeSwitchedOff(t *testing.T) {
	blob := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x89PNG\x00", 200)))
	parts := jsonText([]map[string]any{{"role": "user", "parts": []map[string]any{{"type": "text", "content": "look at this"},
		{"type": "blob", "modality": "image", "mime_type": "image/png", "content": blob}, {"type": "uri", "modality": "image", "uri": "https://example.org/MARK.png"}}}})
	c := replay.Planted(replay.Plant{Attributes: map[string]string{"gen_ai.operation.name": "chat", "gen_ai.input.messages": parts,
		"input.value": `{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,` + blob + `"}}]}]}`}})
	w := planted(t)
	w.tempo.Serve(c)
	p := running(t)
	if text := admin.waysOut(t, p, w)["trace"]; !strings.Contains(text, "MARK.png") || !strings.Contains(text, blob[:40]) {
		t.Error("the media are not in the answer without a policy: this test would prove nothing")
	}
	withPolicy(w, map[string]any{"media": false})
	ways := wantGone(t, admin.waysOut(t, p, w), "MARK.png", blob[:40])
	if !strings.Contains(ways["trace"], "look at this") || !strings.Contains(ways["trace"], "media withheld") {
		t.Error("the text beside the media is gone, or nobody says that media are withheld")
	}
}

func TestEveryReadIsAudited(t *testing.T) {
	w := planted(t)
	p := fresh(t)
	viewer.waysOut(t, p, w)
	if strings.Contains(strings.Join(p.Stderr.All(), "\n"), "content read") {
		t.Error("reads are audited unasked")
	}
	withPolicy(w, map[string]any{"audit": true, "levels": map[string]any{"Viewer": "preview"}})
	w.settings.Updated = w.settings.Updated.Add(time.Second)
	viewer.waysOut(t, p, w)
	(reader{}).ask(t, p, w.settings, w.query("A"))
	audit := func() (lines []map[string]any) {
		for _, line := range p.Stderr.All() {
			var v map[string]any
			if json.Unmarshal([]byte(line), &v) == nil && v["@message"] == "content read" {
				lines = append(lines, v)
			}
		}
		return lines
	}
	within(2*time.Second, func() bool { return len(audit()) >= 8 })
	lines := audit()
	if len(lines) != 8 { // trace, delta, search, conversation, three exports; the anonymous trace
		t.Errorf("%d reads are audited, want 8: %v", len(lines), lines)
	}
	for _, v := range lines {
		if v["@level"] != "info" || v["level"] != "preview" || v["dsUid"] != w.settings.UID || v["orgId"] != float64(1) {
			t.Errorf("audit line %v", v)
		}
		if v["kind"] == "trace" && v["trace"] != w.id {
			t.Errorf("audit line %v names no trace", v)
		}
		if who := v["who"]; who != "viewer" && who != "anonymous" {
			t.Errorf("audit line %v: who?", v)
		}
	}
	wantGone(t, map[string]string{"stderr": strings.Join(p.Stderr.All(), "\n")}, "My mail", mail, key, card)
}
