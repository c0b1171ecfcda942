package replay

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

const drip = 50 * time.Millisecond

// raw takes the connection over and writes what bytes gives, one after the other, until the client
// goes away. Nothing of HTTP is added.
func (s *Server) raw(bytes func(a Answer) []byte, pause time.Duration) {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		all := bytes(s.answer(s, seen))
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		if pause == 0 {
			_, _ = conn.Write(all)
			return
		}
		for i := range all {
			if _, err := conn.Write(all[i : i+1]); err != nil {
				return
			}
			time.Sleep(pause)
		}
	})
}

func head(a Answer, length int) string {
	return fmt.Sprintf("HTTP/1.1 %d Some Words\r\nContent-Type: %s\r\nContent-Length: %d\r\n", a.Status, a.ContentType, length)
}

// SlowHeaders sends the head one byte at a time, for longer than anyone waits.
func (s *Server) SlowHeaders() {
	s.raw(func(a Answer) []byte {
		return []byte(head(a, len(a.Body)) + "X-Padding: " + strings.Repeat("x", 4000) + "\r\n\r\n" + string(a.Body))
	}, drip)
}

// SlowBody sends the head at once and the body one byte at a time.
func (s *Server) SlowBody() {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		a := s.answer(s, seen)
		w.Header().Set("Content-Type", a.ContentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)+4000))
		w.WriteHeader(a.Status)
		for i := range a.Body {
			if _, err := w.Write(a.Body[i : i+1]); err != nil || http.NewResponseController(w).Flush() != nil {
				return
			}
			select {
			case <-time.After(drip):
			case <-r.Context().Done():
				return
			}
		}
	})
}

// WrongLength announces half of the body and sends all of it.
func (s *Server) WrongLength() {
	s.raw(func(a Answer) []byte { return []byte(head(a, len(a.Body)/2) + "\r\n" + string(a.Body)) }, 0)
}

// NotHTTP answers with bytes of another protocol.
func (s *Server) NotHTTP() {
	s.raw(func(Answer) []byte { return bytes.Repeat([]byte{0, 0, 6, 4, 0xff, 0x80}, 200) }, 0)
}

// Bomb answers 200 with a gzip body that unpacks to n zeros.
func (s *Server) Bomb(n int64) {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		w.Header().Set("Content-Type", s.answer(s, seen).ContentType)
		w.Header().Set("Content-Encoding", "gzip")
		pack, chunk := gzip.NewWriter(w), make([]byte, 1<<18)
		for left := n; left > 0; left -= int64(len(chunk)) {
			if _, err := pack.Write(chunk); err != nil {
				return
			}
		}
		_ = pack.Close()
	})
}

// Pad answers rightly with a body that is n bytes larger: blanks after JSON, an unknown field in protobuf.
func (s *Server) Pad(n int) { s.pad(n, n) }

// PadAndTruncate does so, but closes the connection when half of the n bytes are sent.
func (s *Server) PadAndTruncate(n int) { s.pad(n, n/2) }

func (s *Server) pad(n, sent int) {
	s.NoGzip()
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		a := s.answer(s, seen)
		var tail []byte
		fill := bytes.Repeat([]byte{' '}, n)
		if strings.Contains(a.ContentType, "protobuf") {
			tail = protowire.AppendVarint(protowire.AppendTag(nil, 99, protowire.BytesType), uint64(n))
		}
		w.Header().Set("Content-Type", a.ContentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)+len(tail)+n))
		w.WriteHeader(a.Status)
		for _, part := range [][]byte{a.Body, tail, fill[:sent]} {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
		if sent < n {
			panic(http.ErrAbortHandler)
		}
	})
}

// Relabel answers rightly under another content type.
func (s *Server) Relabel(contentType string) {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		a := s.answer(s, seen)
		a.ContentType = contentType
		s.write(w, r, a)
	})
}
