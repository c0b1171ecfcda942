package replay

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Seen is a request that a server got.
type Seen struct {
	Method, Path, RawQuery string
	Query                  url.Values // of the URL and of a posted form
	Header                 http.Header
	At                     time.Time
	// Gone is closed when the client went away before the answer was complete.
	Gone chan struct{}
	Peer string // address and port of the client: one connection
}

// Server is what the four stores have in common: the log of requests, faults and checks.
// All methods may be called while requests run.
type Server struct {
	URL string

	http   *httptest.Server
	doors  []*httptest.Server
	answer func(*Server, *Seen) Answer

	mu       sync.Mutex
	seen     []*Seen
	problems []string
	fault    fault
	once     bool
	delay    time.Duration
	gzipOff  bool
	noLog    bool
	running  int
	most     int
}

func newServer(answer func(*Server, *Seen) Answer) *Server {
	s := &Server{answer: answer}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	return s
}

// TLS opens a second, encrypted door to the same server and gives its URL.
func (s *Server) TLS(config *tls.Config) string {
	door := httptest.NewUnstartedServer(s.http.Config.Handler)
	door.TLS = config
	door.Config.ErrorLog = log.New(io.Discard, "", 0) // failed handshakes are what the tests ask for
	door.StartTLS()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doors = append(s.doors, door)
	return door.URL
}

// Close stops the server and drops its connections.
func (s *Server) Close() {
	for _, door := range s.doors {
		door.CloseClientConnections()
		door.Close()
	}
	s.http.CloseClientConnections()
	s.http.Close()
}

// Requests is a copy of the requests so far.
func (s *Server) Requests() []*Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Seen(nil), s.seen...)
}

// LastRequest is the newest request, or nil.
func (s *Server) LastRequest() *Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) == 0 {
		return nil
	}
	return s.seen[len(s.seen)-1]
}

// KeepNoLog makes the server forget its requests, for loads without end.
func (s *Server) KeepNoLog() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noLog = true
}

// Problems lists what was wrong with the requests, each text once.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.problems...)
}

// MostAtOnce is the largest number of requests that ran at one time.
func (s *Server) MostAtOnce() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

// Forget drops the log of requests and problems.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen, s.problems = nil, nil
}

func (s *Server) complain(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.problems {
		if p == text {
			return
		}
	}
	s.problems = append(s.problems, text)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	query := r.URL.Query()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			s.complain("posted form cannot be parsed: %v", err)
		}
		for key, values := range form {
			query[key] = append(query[key], values...)
		}
	}
	seen := &Seen{r.Method, r.URL.Path, r.URL.RawQuery, query, r.Header.Clone(), time.Now(), make(chan struct{}), r.RemoteAddr}
	s.mu.Lock()
	if !s.noLog {
		s.seen = append(s.seen, seen)
	}
	fault, delay := s.fault, s.delay
	if s.once {
		s.fault, s.once = nil, false
	}
	s.running++
	s.most = max(s.most, s.running)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.running--
		s.mu.Unlock()
		if r.Context().Err() != nil {
			close(seen.Gone)
		}
	}()

	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
			return
		}
	}
	if fault != nil {
		fault(s, w, r, seen)
		return
	}
	s.write(w, r, s.answer(s, seen))
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, a Answer) {
	body := s.encode(w, r, a)
	w.WriteHeader(a.Status)
	_, _ = w.Write(body)
}

// encode sets the headers of a and gives the body as it goes over the wire.
func (s *Server) encode(w http.ResponseWriter, r *http.Request, a Answer) []byte {
	if a.ContentType != "" {
		w.Header().Set("Content-Type", a.ContentType)
	} else {
		w.Header()["Content-Type"] = nil // no sniffing: the recorded server sent none
	}
	body := a.Body
	s.mu.Lock()
	zip := !s.gzipOff && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && len(body) > 1024
	s.mu.Unlock()
	if zip {
		var packed bytes.Buffer
		gz := gzip.NewWriter(&packed)
		_, _ = gz.Write(body)
		_ = gz.Close()
		body = packed.Bytes()
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	return body
}

// NoGzip makes the server send plain bodies whatever the client accepts.
func (s *Server) NoGzip() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gzipOff = true
}

func text(status int, body string) Answer {
	return Answer{status, "text/plain; charset=utf-8", []byte(body)}
}
