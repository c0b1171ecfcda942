package replay

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
)

// Answer is one HTTP answer.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
}

type recordedAnswer struct {
	Request
	body []byte
}

var apiAnswers = sync.OnceValues(func() (map[string]recordedAnswer, error) {
	dir, err := FixtureDir()
	if err != nil {
		return nil, err
	}
	files, err := readFolder(filepath.Join(dir, "api"))
	if err != nil {
		return nil, err
	}
	var index []Request
	if err := json.Unmarshal(files["index.json"], &index); err != nil {
		return nil, fmt.Errorf("api/index.json: %w", err)
	}
	answers := map[string]recordedAnswer{}
	for _, r := range index {
		name := strings.TrimSuffix(r.File, filepath.Ext(r.File))
		if r.File == "tempo_v2_not_found.json" { // the one name that has two forms
			name = "tempo_v2_not_found_json"
		}
		answers[name] = recordedAnswer{r, files[r.File]}
	}
	return answers, nil
})

// API is a single recorded answer of the api/ folder by its file name without extension, such as
// "loki_parse_error_400". It panics on an unknown name: that is a mistake in the test.
func API(name string) Answer {
	answers, err := apiAnswers()
	if err != nil {
		panic(err)
	}
	r, ok := answers[name]
	if !ok {
		panic("no recorded api answer named " + name)
	}
	return Answer{r.Status, r.ContentType, r.body}
}
