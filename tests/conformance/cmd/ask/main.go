// Ask starts the plugin as Grafana does, asks it for one trace and prints the answer.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

func main() {
	plugin := flag.String("plugin", os.Getenv("SPANLOG_PLUGIN"), "path of the plugin's executable")
	store := flag.String("store", "tempo", "trace store: tempo, jaeger or zipkin")
	tempo := flag.String("tempo", "", "URL of the trace store")
	loki := flag.String("loki", "", "URL of Loki; empty: no logs")
	trace := flag.String("trace", "", "trace id")
	fixture := flag.String("case", "", "recorded case to serve instead of -tempo and -loki")
	jsonData := flag.String("json", "", "more jsonData, as a JSON object")
	query := flag.String("query", "", "more of the query, as a JSON object")
	tree := flag.Bool("tree", false, "print a tree instead of JSON")
	flag.Parse()
	if err := ask(*plugin, *store, *tempo, *loki, *trace, *fixture, *jsonData, *query, *tree); err != nil {
		fmt.Fprintln(os.Stderr, "ask:", err)
		os.Exit(1)
	}
}

func ask(plugin, store, traceURL, lokiURL, id, fixture, jsonData, query string, tree bool) error {
	from, to := time.Now().Add(-6*time.Hour), time.Now()
	if fixture != "" {
		c, err := replay.LoadCase(fixture)
		if err != nil {
			return err
		}
		loki := replay.NewLoki(c)
		servers := map[string]*replay.Server{"tempo": replay.NewTempo(c).Server, "jaeger": replay.NewJaeger(c).Server,
			"zipkin": replay.NewZipkin(c).Server}
		traceURL, lokiURL = servers[store].URL, loki.URL
		if id == "" {
			id = c.Meta.TraceIDs[0]
		}
		from, to = time.Unix(0, c.Meta.StartNS).Add(-2*time.Hour), time.Unix(0, c.Meta.EndNS).Add(2*time.Hour)
		defer func() {
			for _, q := range loki.Queries() {
				fmt.Fprintln(os.Stderr, "asked Loki:", q)
			}
		}()
	}
	p, err := host.Start(plugin)
	if err != nil {
		return err
	}
	defer p.Client.Kill()
	s := host.Stores(store, traceURL, lokiURL)
	if jsonData != "" {
		if err := json.Unmarshal([]byte(jsonData), &s.JSON); err != nil {
			return fmt.Errorf("-json: %w", err)
		}
	}
	model := map[string]any{"query": id, "queryType": "traceql"}
	if query != "" {
		if err := json.Unmarshal([]byte(query), &model); err != nil {
			return fmt.Errorf("-query: %w", err)
		}
	}
	resp, err := p.Query(context.Background(), s, host.JSONQuery("A", model, from, to))
	if err != nil {
		return err
	}
	answer := resp.Responses["A"]
	fmt.Fprintf(os.Stderr, "status %d, %d frames, error %q (%s)\n", answer.GetStatus(), len(answer.GetFrames()), answer.GetError(), answer.GetErrorSource())
	for _, line := range p.Stderr.All() {
		fmt.Fprintln(os.Stderr, "log:", line)
	}
	if tree {
		res := &judge.Result{}
		if t := judge.CheckAnswer(answer.GetFrames(), res); t != nil {
			printTree(t)
		}
		fmt.Fprint(os.Stderr, res.Failures(10))
		return nil
	}
	for _, raw := range answer.GetFrames() {
		frame, err := data.UnmarshalArrowFrame(raw)
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(frame, "", " ")
		if err != nil {
			return err
		}
		fmt.Println(string(text))
	}
	return nil
}

// printTree draws each row below its parent, log spans with their placement and message.
func printTree(t *judge.Trace) {
	kids := map[string][]*judge.Row{}
	for _, r := range t.Rows {
		parent := r.Parent
		if t.ByID[parent] == nil {
			parent = ""
		}
		kids[parent] = append(kids[parent], r)
	}
	var draw func(parent string, depth int)
	draw = func(parent string, depth int) {
		for _, r := range kids[parent] {
			fmt.Printf("%s%s  [%s] %s", strings.Repeat("  ", depth), r.SpanID, r.Service, r.Operation)
			if r.Synthetic() {
				fmt.Printf("  {%s %s %s %s %s}", r.Text("spanlog.kind"), r.Text("spanlog.match"), r.Text("log.timestamp"),
					r.Text("message.role"), r.Text("message.status"))
			}
			for _, w := range r.Warnings {
				fmt.Printf("  WARNING %s", w)
			}
			fmt.Println()
			if r.SpanID != parent {
				draw(r.SpanID, depth+1)
			}
		}
	}
	draw("", 0)
}
