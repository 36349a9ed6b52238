"""English abbreviations, by what a full stop after them can mean. Written by hand for news; lower case, without the
stop."""


def words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEVER_LAST = words(
    """mr mrs ms dr prof messrs mx sr sra gen lt col maj capt cmdr adm sgt cpl pvt rev fr hon gov lt.gov sen sens rep
    reps pres supt det insp ald assemb amb atty mt ft st vs v viz cf e.g i.e eg ie ca approx fig figs eq eqs sec vol
    vols nos pp p ch chap ed eds trans nr resp incl esp tel msgr br sis hr mme mlle gens u.s.s h.m.s r.m.s
    pfc spc wm geo chas jos n° ph bros p.s ps drs"""
)
"""A title or a pointer: what follows belongs to it, whatever its first letter."""

SELDOM_LAST = words(
    """jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun ala ariz ark calif
    colo conn del fla ga ill ind kan kans ky la md mass mich minn miss mo mont neb nebr nev n.h n.j n.m n.y n.c n.d
    okla ore pa r.i s.c s.d tenn tex vt va wash w.va wis wyo d.c b.c ont que co corp inc ltd llc plc bros cos jr sr
    esq ph.d m.d b.a m.a d.d.s ll.b etc al dept univ assn inst intl natl govt mfg ave blvd rd hwy pl sq ft in lb lbs
    oz yd mi km kg hrs hr min mins no est a.m p.m am pm u.s u.k u.n e.u u.s.a u.s.s.r u.a.e a.d b.c.e c.e a.k.a d.o.b
    r.i.p l.a s.f pct cal ext col lit intro misc max temp ref repr div vols"""
)
"""May end a sentence: only when what follows begins like one."""

STARTERS = words(
    """the a an this that these those there here he she it they we i you his her its their our my your who what when
    where why how which if although though while whereas because since after before during until as at by for from in
    on of to with without within under over among between through against despite according and but or nor so yet
    however meanwhile still then thus therefore moreover furthermore nevertheless nonetheless instead also mr mrs ms
    dr another other others some many most much more few several both each every all any no not none nobody nothing
    one two three today yesterday tomorrow now later earlier once officials police critics experts analysts people let
    please did do does is are was were has have had can could will would should may might must whether last next
    perhaps maybe even only just like such well yes no oh thanks let's"""
)
"""Words that, with a capital, begin a sentence rather than a name."""

SPEECH = words(
    """said says say told tells asked asks added adds wrote writes explained replied answered argued insisted noted
    recalled continued declared announced stated remarked exclaimed shouted joked quipped tweeted posted warned
    claimed mentioned instructed questioned wondered demanded yelled cried concluded responded admitted agreed
    observed"""
)
"""After a closed question or exclamation these carry the sentence on: “Why?” Smith asked."""
