"""Who a letter is from where our server does not say: our own SPF, DKIM and DMARC.

Pure: the DNS and the check of signatures are handed in. What nobody could tell (no envelope known, no answer in time)
is unknown and never a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from firstline.intake.sender_checks import dkim_check, dmarc, spf, trust
from firstline.intake.sender_checks.dmarc import Policy
from firstline.intake.sender_checks.spf import Names
from firstline.intake.sender_checks.trust import Border, Trace, Verdict

# The packed letter and keys (dkim_check.pack) → the result of each signature.
CheckSignatures = Callable[[bytes], Sequence[str]]


def judge(
    raw: bytes, trace: Trace, from_email: str | None, ours: Border, names: Names, check: CheckSignatures
) -> Verdict:
    """The verdict on a letter's From. Raises nothing of the DNS; what `check` raises passes."""
    domain = dmarc.domain_of(from_email or "")
    if "." not in domain:
        return Verdict()
    try:
        policy = _policy(domain, names)
    except TimeoutError:
        return Verdict(domain=domain, by="own", said="dmarc=temperror")
    by_dkim, of_dkim = _dkim(raw, trace, domain, policy, names, check)
    by_spf, of_spf = _spf(trace, domain, policy, ours, names)
    means = tuple(name for name, proven in (("dkim", by_dkim), ("spf", by_spf)) if proven)
    asked = policy.policy if policy else ""
    is_sure = spf.TEMPERROR not in (of_dkim, of_spf) and of_spf != "unknown"
    if means and trust.is_plain_sender(trace, from_email or ""):
        result = trust.PASS
    elif means or not is_sure:
        result = trust.UNKNOWN
    else:
        result = trust.FAIL if policy else trust.NONE
    said = f"spf={of_spf} dkim={of_dkim} dmarc={result if result != trust.UNKNOWN else 'unknown'}"
    return Verdict(result, domain, asked if result == trust.FAIL else "", by="own", means=means, said=said)


def _policy(domain: str, names: Names) -> Policy | None:
    """What the domain, else the one somebody registered above it, asks for; a subdomain's part of it is `policy`."""
    found = dmarc.record_in(names.txt(f"_dmarc.{domain}"))
    above = dmarc.organisational(domain)
    if found is not None or above == domain:
        return found
    inherited = dmarc.record_in(names.txt(f"_dmarc.{above}"))
    if inherited is None:
        return None
    return Policy(inherited.of_subdomains, inherited.of_subdomains, inherited.strict_dkim, inherited.strict_spf)


def _dkim(
    raw: bytes, trace: Trace, domain: str, policy: Policy | None, names: Names, check: CheckSignatures
) -> tuple[bool, str]:
    """Whether a signature of a domain that speaks for this one is good, and the best result there is."""
    signed = dkim_check.signatures(trace)
    strict = policy.strict_dkim if policy else False
    wanted = [one for one in signed if one.key_name and dmarc.is_aligned(one.domain, domain, strict=strict)]
    if not wanted:
        return False, "none"
    keys: dict[str, str | None] = {}
    for one in wanted:
        try:
            keys[one.key_name] = next((text for text in names.txt(one.key_name) if "p=" in text), "")
        except TimeoutError:
            keys[one.key_name] = None
    results = check(dkim_check.pack(raw, keys))
    found = [result for one, result in zip(signed, results, strict=False) if one in wanted]
    for best in (dkim_check.PASS, dkim_check.TEMPERROR, dkim_check.FAIL):
        if best in found:
            return best == dkim_check.PASS, best
    return False, found[0] if found else "none"


def _spf(trace: Trace, domain: str, policy: Policy | None, ours: Border, names: Names) -> tuple[bool, str]:
    envelope = trust.envelope(trace, ours.relays)
    if envelope is None:
        return False, "unknown"
    found = spf.check(envelope.ip, envelope.sender, envelope.helo, names)
    strict = policy.strict_spf if policy else False
    return found.result == spf.PASS and dmarc.is_aligned(found.domain, domain, strict=strict), found.result
