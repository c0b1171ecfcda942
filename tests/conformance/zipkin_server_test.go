package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spanlog/conformance/host"
	"spanlog/conformance/judge"
	"spanlog/conformance/replay"
)

// The server is io.zipkin:zipkin-server, the jar that its project publishes; Maven fetches it by these
// coordinates from wherever it is set up to fetch from.
const (
	zipkinVersion = "3.4.4"
	zipkinSHA256  = "35ad03211b988b0699d0fa3133c32fde3b1bbea5aef1605f0727913ec0cde41b"
	mavenCopy     = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
)

// zipkinJar is the path of the jar, or why there is none.
func zipkinJar() (path, why string) {
	if _, err := exec.LookPath("java"); err != nil {
		return "", "there is no java on this machine"
	}
	dir, err := replay.FixtureDir()
	if err != nil {
		return "", err.Error()
	}
	name := "zipkin-server-" + zipkinVersion + "-slim.jar"
	keep := filepath.Join(dir, "..", "..", ".deps", "zipkin")
	path = filepath.Join(keep, name)
	if sum(path) == zipkinSHA256 {
		return path, ""
	}
	if _, err := exec.LookPath("mvn"); err != nil {
		return "", "there is java, but no mvn to fetch the server with"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	fetch := exec.CommandContext(ctx, "mvn", "-B", "-q", mavenCopy, "-Dartifact=io.zipkin:zipkin-server:"+zipkinVersion+":jar:slim",
		"-DoutputDirectory="+keep)
	fetch.Dir = os.TempDir()
	if out, err := fetch.CombinedOutput(); err != nil {
		return "", fmt.Sprintf("mvn could not fetch the server: %v: %.400s", err, out)
	}
	if sum(path) != zipkinSHA256 {
		return "", "the server that mvn fetched is not the published one: its checksum differs"
	}
	return path, ""
}

func sum(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return ""
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// startZipkin starts a real Zipkin with its storage in memory, on loopback, and gives its URL.
func startZipkin(t *testing.T, jar string) string {
	t.Helper()
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := port.Addr().String()
	port.Close()
	_, number, _ := net.SplitHostPort(address)
	var log bytes.Buffer
	server := exec.Command("java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Darmeria.ports[0].ip=127.0.0.1",
		"-Darmeria.ports[0].port="+number, "-jar", jar)
	server.Env = append(os.Environ(), "STORAGE_TYPE=mem", "SELF_TRACING_ENABLED=false")
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() { _ = server.Wait(); close(gone) }()
	t.Cleanup(func() {
		_ = server.Process.Kill()
		<-gone
	})
	up := within(5*time.Minute, func() bool {
		select {
		case <-gone:
			return true
		default:
		}
		answer, err := http.Get("http://" + address + "/health")
		if err != nil {
			time.Sleep(200 * time.Millisecond)
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == 200
	})
	select {
	case <-gone:
		t.Fatalf("Zipkin ended: %.2000s", log.String())
	default:
	}
	if !up {
		t.Fatalf("Zipkin did not start within five minutes")
	}
	return "http://" + address
}

// post sends spans and waits until the server gives them back.
func post(t *testing.T, url string, body []byte, id string) {
	t.Helper()
	answer, err := http.Post(url+"/api/v2/spans", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if answer.StatusCode != 202 {
		t.Fatalf("Zipkin refused the spans: %d %.300s", answer.StatusCode, text)
	}
	if !within(30*time.Second, func() bool {
		answer, err := http.Get(url + "/api/v2/trace/" + id)
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == 200
	}) {
		t.Fatalf("Zipkin does not give back trace %s", id)
	}
}

// fromZipkin asks the plugin for c's trace from a Zipkin at url.
func fromZipkin(t *testing.T, url, id string, c *replay.Case) *judge.Trace {
	t.Helper()
	loki := replay.NewLoki(c)
	defer loki.Close()
	s := host.Stores("zipkin", url, loki.URL)
	s.UID = strings.ReplaceAll(t.Name(), "/", "-") + url
	s.Logs()["maxRecords"] = 20000
	from, to := around(c)
	return decode(t, one(t, running(t), s, host.TraceQuery("A", id, from, to)))
}

// The replayed answers are recordings; this is the server itself, with spans as the SDK's exporter and as
// the Collector's exporter write them.
func TestARealZipkinServerGivesTheRecordedTrees(t *testing.T) {
	jar, why := zipkinJar()
	if jar == "" {
		fmt.Fprintf(os.Stdout, "not run: %s: %s\n", t.Name(), why)
		return
	}
	url := startZipkin(t, jar)
	for _, name := range []string{"g1-happy", "zipkin-shared", "trace-id-64"} {
		t.Run("recorded/"+name, func(t *testing.T) {
			c := load(t, name)
			recorded := replay.NewZipkin(c)
			defer recorded.Close()
			id := strings.TrimPrefix(c.Meta.TraceIDs[0], "0000000000000000")
			post(t, url, c.Files["zipkin.json"], id)
			compared := comparison{losses: map[string]int{}}
			compared.rows(fromZipkin(t, recorded.URL, id, c), fromZipkin(t, url, id, c))
			for _, text := range compared.wrong {
				t.Error(text)
			}
			if len(compared.losses) > 0 {
				t.Errorf("the server's answer differs from the recorded one: %v", compared.losses)
			}
		})
	}
	// Other cases: one server holds the spans of all of them.
	for _, name := range []string{"g1-error", "g0-span-events", "oi-happy", "multi-service-40", "claude-code-traced"} {
		t.Run("collector/"+name, func(t *testing.T) {
			c := load(t, name)
			spans, err := replay.CollectorZipkin(c.Files["tempo_v2.json"])
			if err != nil {
				t.Fatal(err)
			}
			post(t, url, spans, c.Meta.TraceIDs[0])
			compared := comparison{losses: map[string]int{}, scopes: replay.ScopeAttributes(c)}
			compared.rows(wovenFrom(t, "tempo", c), fromZipkin(t, url, c.Meta.TraceIDs[0], c))
			for i, text := range compared.wrong {
				if i < 8 {
					t.Error(text)
				}
			}
			for what := range compared.losses {
				if !slices.Contains(lost["zipkin"], what) {
					t.Errorf("%s is lost", what)
				}
			}
		})
	}
}
