package conformance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"spanlog/conformance/host"
)

// authority is a certificate authority of one test.
type authority struct {
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	pem   string
	valid time.Duration
}

func newAuthority(t *testing.T, valid ...time.Duration) *authority {
	t.Helper()
	a := &authority{valid: time.Hour}
	if len(valid) > 0 {
		a.valid = valid[0]
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(a.valid)}
	a.cert, a.key, a.pem, _ = sign(t, template, nil)
	return a
}

// issue makes a certificate for name; an IP address is accepted too.
func (a *authority) issue(t *testing.T, name string, expired bool) (tls.Certificate, string, string) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(a.valid)}
	if expired {
		template.NotAfter = time.Now().Add(-time.Hour)
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	_, _, certPEM, keyPEM := sign(t, template, a)
	pair, err := tls.X509KeyPair([]byte(certPEM), []byte(keyPEM))
	if err != nil {
		t.Fatal(err)
	}
	return pair, certPEM, keyPEM
}

func sign(t *testing.T, template *x509.Certificate, by *authority) (*x509.Certificate, *ecdsa.PrivateKey, string, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}

func TestTLSSettingsOfTheTraceStore(t *testing.T) {
	p := running(t)
	ca, other := newAuthority(t), newAuthority(t)
	byIP, _, _ := ca.issue(t, "127.0.0.1", false)
	byName, _, _ := ca.issue(t, "tempo.example", false)
	old, _, _ := ca.issue(t, "127.0.0.1", true)
	_, clientCert, clientKey := ca.issue(t, "reader", false)
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	for name, test := range map[string]struct {
		server *tls.Config
		json   map[string]any
		secure map[string]string
		words  string // of the error; empty: it works
	}{
		"an unknown authority": {&tls.Config{Certificates: []tls.Certificate{byIP}}, nil, nil, "certificate"},
		"its own authority": {&tls.Config{Certificates: []tls.Certificate{byIP}},
			map[string]any{"tlsAuthWithCACert": true}, map[string]string{"tlsCACert": ca.pem}, ""},
		"another authority": {&tls.Config{Certificates: []tls.Certificate{byIP}},
			map[string]any{"tlsAuthWithCACert": true}, map[string]string{"tlsCACert": other.pem}, "certificate"},
		"an authority that is not switched on": {&tls.Config{Certificates: []tls.Certificate{byIP}},
			nil, map[string]string{"tlsCACert": ca.pem}, "certificate"},
		"no check":         {&tls.Config{Certificates: []tls.Certificate{old}}, map[string]any{"tlsSkipVerify": true}, nil, ""},
		"an expired one":   {&tls.Config{Certificates: []tls.Certificate{old}}, map[string]any{"tlsAuthWithCACert": true}, map[string]string{"tlsCACert": ca.pem}, "expired"},
		"another name":     {&tls.Config{Certificates: []tls.Certificate{byName}}, map[string]any{"tlsAuthWithCACert": true}, map[string]string{"tlsCACert": ca.pem}, "certificate"},
		"the server name":  {&tls.Config{Certificates: []tls.Certificate{byName}}, map[string]any{"tlsAuthWithCACert": true, "serverName": "tempo.example"}, map[string]string{"tlsCACert": ca.pem}, ""},
		"a client, asked":  {&tls.Config{Certificates: []tls.Certificate{byIP}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}, map[string]any{"tlsAuth": true, "tlsAuthWithCACert": true}, map[string]string{"tlsCACert": ca.pem, "tlsClientCert": clientCert, "tlsClientKey": clientKey}, ""},
		"a client, absent": {&tls.Config{Certificates: []tls.Certificate{byIP}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}, map[string]any{"tlsAuthWithCACert": true}, map[string]string{"tlsCACert": ca.pem}, "tls"},
		"a broken key":     {&tls.Config{Certificates: []tls.Certificate{byIP}}, map[string]any{"tlsAuth": true, "tlsAuthWithCACert": true}, map[string]string{"tlsCACert": ca.pem, "tlsClientCert": clientCert, "tlsClientKey": "no key"}, "key"},
		"a broken authority": {&tls.Config{Certificates: []tls.Certificate{byIP}}, map[string]any{"tlsAuthWithCACert": true},
			map[string]string{"tlsCACert": "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n"}, "ca"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "g1-happy")
			w.settings.URL = w.tempo.TLS(test.server)
			for k, v := range test.json {
				w.settings.JSON[k] = v
			}
			w.settings.Secure = test.secure
			if test.words != "" {
				w.settings.JSON["logs"] = map[string]any{}
				wantError(t, w.answer(t, p), []int32{400, 500, 502}, "", test.words)
				return
			}
			w.wantGood(t, w.answer(t, p))
		})
	}
}

func TestTLSSettingsOfLokiAreItsOwn(t *testing.T) {
	ca := newAuthority(t)
	pair, _, _ := ca.issue(t, "127.0.0.1", false)
	w := newWorld(t, "g1-happy")
	w.settings.Logs()["url"] = w.loki.TLS(&tls.Config{Certificates: []tls.Certificate{pair}})
	p := running(t)
	trace := decode(t, w.answer(t, p))
	if !strings.Contains(strings.ToLower(said(trace)), "certificate") || logRows(trace) != 0 {
		t.Errorf("an unknown authority: %d log spans, the reader is told %q", logRows(trace), said(trace))
	}
	w.settings.Logs()["tlsAuthWithCACert"] = true
	w.settings.Secure = map[string]string{"logsTlsCACert": ca.pem}
	w.settings.Updated = w.settings.Updated.Add(time.Second)
	w.wantGood(t, w.answer(t, p))
}

func TestATraceStoreThatSpeaksNoTLSIsAClearError(t *testing.T) {
	w := newWorld(t, "g1-happy")
	s := host.Stores("tempo", strings.Replace(w.tempo.URL, "http://", "https://", 1), "")
	s.UID = "no-tls"
	wantError(t, one(t, running(t), s, w.query("A")), []int32{500, 502}, "downstream", "tls")
}
