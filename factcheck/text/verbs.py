"""Words that tell of speech and thought, by the complement they take. Base forms, lower case; written by hand for news.

Only what usually reports somebody's words or mind is listed: a verb that seldom does ("make clear", "support") would
bring more false sources than true ones.
"""

from factcheck.text.abbreviations import words

SAYING = words(
    """say tell add explain argue note warn claim state announce mention declare insist recall remark reply answer
    respond write tweet report stress emphasize emphasise observe comment acknowledge admit concede deny confirm
    allege assert maintain contend suggest predict believe think estimate conclude complain promise pledge vow reveal
    disclose indicate testify joke quip caution urge continue agree point accuse describe reiterate hope expect fear
    affirm assure remind boast charge advise lament counter signal hint speculate imply recommend propose clarify
    underline underscore repeat echo ask demand"""
)
"""Lemmas that introduce what somebody said or holds, with a clause of their own."""

THINKING = words(
    """find show learn wonder worry assume recognize recognise doubt suspect determine decide convince question order
    demonstrate discover realize realise consider feel know guess wish order prove figure calculate hop"""
)
"""With a clause: what somebody holds, found out or fears. ("hop" is how the lemmatizer reads "hoping".)"""

JUDGING = words(
    """call describe criticize criticise brand dub label denounce condemn praise refer characterize characterise
    deride dismiss mock slam blast decry tout hail applaud ridicule"""
)
"""Lemmas that take a piece of quotation as their object: he called the plan “a sham from the start”."""

BESIDE = SAYING | words(
    """read begin start open finish chant shout yell cry sing retort quote shoot fire interject press reprise imagine
    think wonder tease muse scoff sneer exclaim counsel preach recite"""
)
"""Right before or after a quotation these carry it, clause or none."""

WITH_OBJECT = JUDGING | words(
    """accuse announce blame cite defend deny discuss endorse express favor favour highlight mention name note promise
    propose question reiterate reject report say ask tell stress emphasize emphasise warn predict demand outline
    compare address attack oppose echo bemoan lament rip"""
)
SAID = SAYING | JUDGING | WITH_OBJECT
WITH_PREPOSITION = {
    "refer": "to",
    "call": "for",
    "talk": "about of",
    "point": "to",
    "complain": "about of that",
    "warn": "of about against",
    "apologize": "for",
    "apologise": "for",
    "comment": "on",
    "speak": "of about",
    "ask": "about for",
    "know": "about",
    "worry": "about",
    "argue": "for against",
    "advocate": "for",
    "brag": "about",
    "boast": "of about",
    "joke": "about",
    "agree": "with",
    "disagree": "with",
    "tell": "about of",
    "write": "about of",
}
TO_DO = words(
    """decline refuse urge vow pledge promise expect ask hope hop threaten propose encourage decide claim offer agree
    advise recommend say press report order plead"""
)
NOUNS = words(
    """claim statement belief suggestion allegation assertion argument view warning idea notion fear hope concern
    complaint prediction conclusion accusation contention promise evidence report reminder sense opinion charge
    suspicion confidence speculation"""
)
ADJECTIVES = words(
    """sure confident convinced certain worried concerned hopeful clear aware skeptical sceptical optimistic afraid
    adamant proud glad surprised doubtful"""
)
UNREAL = words("would could can should may might will ’ll 'll wo ca must not never")
"""Somebody who would say it, or did not, has not said it."""
OFTEN_BY_NOBODY = words("ask expect report say believe think allege rumor")
"""Also in the passive: "asked whether …", "is expected to …"; then the source stays unknown."""

LEADS_TO_SAYING = words("go continue proceed begin start add end")
MEDIA = words(
    """interview statement email e-mail letter tweet post message speech report paper study column op-ed article book
    memo memoir conference briefing hearing debate testimony call video podcast blog broadcast programme program show
    release essay note editorial filing affidavit lecture address press newspaper magazine radio television tv twitter
    facebook instagram youtube linkedin tiktok website"""
)
"""Where something is said: in an interview, on Twitter."""
