// Package replay holds HTTP servers that answer as Tempo, Loki, Jaeger and Zipkin do, from recorded
// bodies, that check the requests they get, and that misbehave on request.
package replay

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Request is one recorded request of a case: which file answers it, and how.
type Request struct {
	File        string            `json:"file"`
	Server      string            `json:"server"`
	Method      string            `json:"method"`
	Path        string            `json:"path"`
	Params      map[string]string `json:"params"`
	Headers     map[string]string `json:"headers"`
	Status      int               `json:"status"`
	ContentType string            `json:"content_type"`
}

// Meta is meta.json as far as the servers need it. The judge reads Facts itself.
type Meta struct {
	Name     string          `json:"name"`
	Family   string          `json:"family"`
	Dialect  string          `json:"dialect"`
	TraceIDs []string        `json:"trace_ids"`
	StartNS  int64           `json:"start_ns"`
	EndNS    int64           `json:"end_ns"`
	Services []string        `json:"services"`
	Requests []Request       `json:"requests"`
	Facts    json.RawMessage `json:"facts"`
}

// Case is one recorded case in memory. Files are keyed by the name without ".gz".
type Case struct {
	Meta  Meta
	Files map[string][]byte
}

// FixtureDir is the folder of the recorded cases, found from the working directory upwards.
func FixtureDir() (string, error) {
	if dir := os.Getenv("SPANLOG_FIXTURES"); dir != "" {
		return dir, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		for _, below := range []string{"fixtures", filepath.Join("tests", "fixtures")} {
			try := filepath.Join(dir, below)
			if _, err := os.Stat(filepath.Join(try, "api", "index.json")); err == nil {
				return try, nil
			}
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no tests/fixtures above the working directory; set SPANLOG_FIXTURES")
		}
	}
}

// CaseNames lists the recorded cases in order.
func CaseNames() ([]string, error) {
	dir, err := FixtureDir()
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "meta.json"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, path := range found {
		names = append(names, filepath.Base(filepath.Dir(path)))
	}
	sort.Strings(names)
	if len(names) == 0 {
		return nil, fmt.Errorf("%s holds no case", dir)
	}
	return names, nil
}

// LoadCase reads one case by its folder's name.
func LoadCase(name string) (*Case, error) {
	dir, err := FixtureDir()
	if err != nil {
		return nil, err
	}
	files, err := readFolder(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	c := &Case{Files: files}
	if err := json.Unmarshal(files["meta.json"], &c.Meta); err != nil {
		return nil, fmt.Errorf("%s/meta.json: %w", name, err)
	}
	return c, nil
}

func readFolder(dir string) (map[string][]byte, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, entry := range list {
		body, err := readFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		files[strings.TrimSuffix(entry.Name(), ".gz")] = body
	}
	return files, nil
}

func readFile(path string) ([]byte, error) {
	body, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return body, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzip, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return io.ReadAll(unzip)
}

// request finds the recorded request that file answered.
func (c *Case) request(file string) (Request, bool) {
	for _, r := range c.Meta.Requests {
		if strings.TrimSuffix(r.File, ".gz") == file {
			return r, true
		}
	}
	return Request{}, false
}
