package replay

import (
	"net"
	"net/http"
	"time"
)

// fault answers a request instead of the recorded body.
type fault func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen)

func (s *Server) setFault(f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.once = f, false
}

// Recover ends every fault and delay.
func (s *Server) Recover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.delay = nil, 0
}

// Once limits the fault that was set last to the next request.
func (s *Server) Once() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.once = s.fault != nil
}

// Delay holds each answer back for d, or until the client goes away.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// Fail answers with status, content type and body, and with header pairs.
func (s *Server) Fail(a Answer, header ...string) {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, _ *Seen) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		s.write(w, r, a)
	})
}

// FailText answers with a plain text error.
func (s *Server) FailText(status int, body string) { s.Fail(text(status, body)) }

// Stall accepts the request and never answers, until the client goes away.
func (s *Server) Stall() {
	s.setFault(func(_ *Server, _ http.ResponseWriter, r *http.Request, _ *Seen) {
		<-r.Context().Done()
	})
}

// StallBody sends the headers and half of the body, then nothing more.
func (s *Server) StallBody() {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		a := s.answer(s, seen)
		body := s.encode(w, r, a)
		w.WriteHeader(a.Status)
		_, _ = w.Write(body[:len(body)/2])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		<-r.Context().Done()
	})
}

// Reset ends the connection with a TCP reset instead of an answer.
func (s *Server) Reset() {
	s.setFault(func(_ *Server, w http.ResponseWriter, _ *http.Request, _ *Seen) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	})
}

// Truncate announces the whole body and ends the connection after n bytes of it.
func (s *Server) Truncate(n int) {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		a := s.answer(s, seen)
		body := s.encode(w, r, a)
		w.WriteHeader(a.Status)
		_, _ = w.Write(body[:min(n, len(body))])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		panic(http.ErrAbortHandler)
	})
}

// Garbage answers 200 with the right content type and a body that is none of its kind.
func (s *Server) Garbage() {
	junk := make([]byte, 4096)
	for i := range junk {
		junk[i] = byte(i*131 + i>>3 | 0x80)
	}
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		a := s.answer(s, seen)
		a.Status, a.Body = http.StatusOK, junk
		s.write(w, r, a)
	})
}

// LoginPage answers 200 with HTML, as a proxy that wants a log-in does.
func (s *Server) LoginPage() {
	s.Fail(Answer{http.StatusOK, "text/html; charset=utf-8",
		[]byte("<!DOCTYPE html><html><body><form>Sign in</form></body></html>")})
}

// Huge answers 200 with a body of n bytes of the right content type, never held in memory whole.
func (s *Server) Huge(n int64) {
	s.setFault(func(s *Server, w http.ResponseWriter, r *http.Request, seen *Seen) {
		w.Header().Set("Content-Type", s.answer(s, seen).ContentType)
		chunk := make([]byte, 1<<16)
		for left := n; left > 0; left -= int64(len(chunk)) {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
}
