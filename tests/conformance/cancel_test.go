package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"

	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

func checkAnswer(w *world, r *pluginv2.DataResponse) error {
	if r.Error != "" || r.Status != 200 {
		return fmt.Errorf("%s: status %d, %q", w.c.Meta.Name, r.Status, r.Error)
	}
	x, err := judge.NewExpect(w.c, 0, "tempo")
	if err != nil {
		return err
	}
	if res := x.Judge(w.c.Meta.Name, r.Frames); !res.Good() {
		return fmt.Errorf("%s:\n%s", w.c.Meta.Name, res.Failures(2))
	}
	return nil
}

// A reader who leaves the page frees the upstream connection at once, at each point of a query.
func TestCancelClosesTheUpstreamConnectionWithinASecond(t *testing.T) {
	p := running(t)
	for name, pick := range map[string]func(*world) *replay.Server{
		"Tempo sends nothing":  func(w *world) *replay.Server { w.tempo.Stall(); return w.tempo.Server },
		"Tempo sends half":     func(w *world) *replay.Server { w.tempo.StallBody(); return w.tempo.Server },
		"Loki sends nothing":   func(w *world) *replay.Server { w.loki.Stall(); return w.loki.Server },
		"Loki sends half":      func(w *world) *replay.Server { w.loki.StallBody(); return w.loki.Server },
		"Loki takes a minute":  func(w *world) *replay.Server { w.loki.Delay(time.Minute); return w.loki.Server },
		"Tempo takes a minute": func(w *world) *replay.Server { w.tempo.Delay(time.Minute); return w.tempo.Server },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "g1-happy")
			server := pick(w)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := p.Query(ctx, w.settings, w.query("A"))
				done <- err
			}()
			if !within(20*time.Second, func() bool { return server.LastRequest() != nil }) {
				t.Fatal("the query never came")
			}
			time.Sleep(50 * time.Millisecond)
			allowed := watchClock(t)
			begin := time.Now()
			cancel()
			for _, r := range server.Requests() {
				select {
				case <-r.Gone:
				case <-time.After(20 * time.Second):
					t.Fatalf("the connection for %s is still open 20 s after the cancel", r.Path)
				}
			}
			if took := time.Since(begin); took > allowed(time.Second) {
				t.Errorf("the connection was closed %v after the cancel, want 1 s", took)
			}
			if err := <-done; status.Code(err) != codes.Canceled {
				t.Errorf("the call ended with %v", err)
			}
		})
	}
	w := newWorld(t, "g1-happy")
	w.wantGood(t, w.answer(t, p))
}

func TestADeadlineIsKept(t *testing.T) {
	p := running(t)
	w := newWorld(t, "g1-happy")
	w.tempo.Stall()
	ctx, cancel := context.WithTimeout(context.Background(), 700*time.Millisecond)
	defer cancel()
	allowed := watchClock(t)
	begin := time.Now()
	resp, err := p.Query(ctx, w.settings, w.query("A"))
	if took := time.Since(begin); took > allowed(1500*time.Millisecond) {
		t.Errorf("it took %v", took)
	}
	if err != nil && status.Code(err) != codes.DeadlineExceeded && status.Code(err) != codes.Canceled {
		t.Errorf("ended with %v", err)
	}
	if err == nil {
		wantError(t, resp.Responses["A"], []int32{504, 502, 500}, "downstream")
	}
	select {
	case <-last(t, w.tempo.Server).Gone:
	case <-time.After(20 * time.Second):
		t.Error("the upstream connection is still open")
	}
}

// A log store that hangs until Grafana's own deadline must not take the trace with it.
func TestATraceIsShownBeforeTheDeadlineWhenTheLogStoreHangs(t *testing.T) {
	p := running(t)
	for name, spoil := range map[string]func(*world){
		"nothing comes": func(w *world) { w.loki.Stall() },
		"half comes":    func(w *world) { w.loki.StallBody() },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "g1-happy")
			spoil(w)
			ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
			defer cancel()
			resp, err := p.Query(ctx, w.settings, w.query("A"))
			if err != nil {
				t.Fatal(err)
			}
			trace := decode(t, resp.Responses["A"])
			if spans := len(trace.Rows) - logRows(trace); spans != 5 {
				t.Errorf("%d spans, want the 5 of the trace", spans)
			}
			if !strings.Contains(said(trace), "log records are missing") {
				t.Errorf("the reader is told %q", said(trace))
			}
		})
	}
}

func TestTheConfiguredTimeoutEndsAQuery(t *testing.T) {
	w := newWorld(t, "g1-happy")
	w.settings.JSON["timeout"] = 1
	w.tempo.Stall()
	allowed := watchClock(t)
	begin := time.Now()
	r := w.answer(t, running(t))
	if took := time.Since(begin); took > allowed(4*time.Second) {
		t.Errorf("a timeout of 1 s took %v", took)
	}
	wantError(t, r, []int32{504, 502}, "downstream", "tempo")
}
