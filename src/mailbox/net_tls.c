/* Whether a server is who we were told: certificates, or one alone. */
#include "mailbox/net_tls.h"

#include "util/hash.h"
#include "util/text.h"

int net_tls_trust(gnutls_certificate_credentials_t trust, const char *ca_file,
		  struct error *err)
{
	int rc;

	if (ca_file[0] != '\0')
		rc = gnutls_certificate_set_x509_trust_file(
			trust, ca_file, GNUTLS_X509_FMT_PEM);
	else
		rc = gnutls_certificate_set_x509_system_trust(trust);
	if (rc < 0)
		return error_set(err, ERROR_SOURCE,
				 "TLS: cannot read certificates of %s: %s",
				 ca_file[0] != '\0' ? ca_file : "the system",
				 gnutls_strerror(rc));
	if (rc == 0)
		return error_set(
			err, ERROR_SOURCE, "TLS: there is no certificate in %s",
			ca_file[0] != '\0' ? ca_file
					   : "the system; install "
					     "ca-certificates or set ca_file");
	return 0;
}

int net_tls_refused(gnutls_session_t tls, const char *host, struct error *err)
{
	unsigned status = gnutls_session_get_verify_cert_status(tls);
	gnutls_datum_t text = {NULL, 0};

	if (gnutls_certificate_verification_status_print(
		    status, GNUTLS_CRT_X509, &text, 0) < 0)
		return error_set(err, ERROR_SOURCE,
				 "TLS: the certificate of %s is refused", host);
	error_set(err, ERROR_SOURCE,
		  "TLS: the certificate of %s is refused: %s%s", host,
		  (const char *)text.data,
		  status & GNUTLS_CERT_SIGNER_NOT_FOUND
			  ? "set ca_file to that of its issuer, or "
			    "tls_fingerprint to its own"
			  : "");
	gnutls_free(text.data);
	return -1;
}

int net_tls_check_fingerprint(gnutls_session_t tls, const char *expected,
			      struct error *err)
{
	unsigned count = 0;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(tls, &count);
	uint8_t digest[HASH_SHA256_BYTES];
	char hex[2 * HASH_SHA256_BYTES + 1];
	size_t n = 0;

	if (!chain || count == 0)
		return error_set(err, ERROR_SOURCE,
				 "TLS: the server shows no certificate");
	hash_sha256(chain[0].data, chain[0].size, digest);
	hash_hex(digest, sizeof digest, hex);
	for (const char *p = expected + sizeof "sha256:" - 1; *p; p++) {
		if (*p == ':')
			continue;
		if (text_lower(*p) != hex[n])
			break;
		n++;
	}
	if (n == sizeof hex - 1)
		return 0;
	return error_set(err, ERROR_SOURCE,
			 "TLS: the server's certificate is refused: its "
			 "fingerprint is sha256:%s",
			 hex);
}
