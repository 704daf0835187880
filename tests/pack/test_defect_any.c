/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Defects in a pack that people work by (CANDOUR_DEFECT_PACK, or England's): a
 * small file type of its own is put beside what the pack has, and spoilt in one
 * place at a time. Each is refused with its place and its reason.
 */
#include "pack_fixture.h"

/* What is put beside the pack; the texts are as they stand. */
static const struct edit TRIAL[] = {
	{ "files.yaml", "files:\n",
	  "files:\n"
	  "  trial:\n"
	  "    title: Trial\n"
	  "    states: [open, held, done]\n"
	  "    final: [done]\n"
	  "    rests: [open, held]\n"
	  "    facts:\n"
	  "      way: { from: [trial.held.way], keep: last }\n"
	  "      depth: { from: [trial.held.depth], keep: highest, order: [low, high] }\n"
	  "      met: { from: [trial.held.met], keep: ever, value: yes }\n" },
	{ "files.yaml", "relations:\n",
	  "relations:\n"
	  "  trial-of: { from: [trial], to: [concern] }\n"
	  "  trial-beside: { from: [trial], to: [trial], both-ways: yes }\n" },
	{ "offices.yaml", "offices:\n",
	  "offices:\n"
	  "  trial-lead: { title: Trial lead, agency: council, line: team-manager, deputies: [edt], reads: [{ what: own }] }\n" },
	{ "lists.yaml", "", "trial-list: { one: One, two: Two, three: { title: Three, retired: 2027-01-01, instead: two } }\n" },
	{ "ladders.yaml", "",
	  "trial-ladder:\n"
	  "  rungs:\n"
	  "    - { after: { hours: 0 }, tell: [team-manager] }\n"
	  "    - { after: { working-days: 2 }, tell: [service-manager] }\n"
	  "    - { after: { working-days: 9 }, tell: [independent-scrutineer], place: independent }\n"
	  "    - { after: { working-days: 18 }, tell: [ofsted-contact], place: outside }\n" },
	{ "duties.yaml", "",
	  "T990:\n"
	  "  title: Answer the trial\n"
	  "  owed-by: trial-lead\n"
	  "  from: recorded\n"
	  "  within: { working-days: 5 }\n"
	  "  not-before: { working-days: 1 }\n"
	  "  not-older: { days: 3 }\n"
	  "  ladder: trial-ladder\n"
	  "  source: Trial Act 1999 s.1\n"
	  "  class: statute\n"
	  "  certainty: sure\n"
	  "  cases: [{ start: 2026-03-02T10:00:00Z, due: 2026-03-10T00:00:00Z, why: a plain week }]\n"
	  "T991:\n"
	  "  title: Go on with the trial\n"
	  "  owed-by: [trial-lead, office of the entry]\n"
	  "  from: [field day, recorded]\n"
	  "  within: { working-days: 10 }\n"
	  "  ladder: { by: way, left: trial-ladder, right: referral }\n"
	  "  source: Norm\n"
	  "  class: norm\n"
	  "  certainty: likely\n" },
	{ "gates.yaml", "",
	  "G990:\n"
	  "  title: Ending a trial\n"
	  "  needs:\n"
	  "    - { need: { has: trial.answered }, else: Nobody has answered }\n"
	  "    - { need: { not: { duty: { rule: [T96], is: open } } }, else: A reading is not reviewed }\n"
	  "    - { when: { fact: { way: left } }, need: { second: team-manager }, else: It wants a second reader }\n" },
	{ "kinds/zz-trial.yaml", "",
	  "trial.opened:\n"
	  "  title: Begin a trial\n"
	  "  file: trial\n"
	  "  new: yes\n"
	  "  to: open\n"
	  "  by: [anyone]\n"
	  "  fields:\n"
	  "    - { name: about, type: file, of: [concern] }\n"
	  "    - { name: names, type: name }\n"
	  "    - { name: sort, type: code, list: trial-list, required: yes }\n"
	  "  links: [{ relation: trial-of, to: about }]\n"
	  "  opens: [T990]\n"
	  "trial.answered:\n"
	  "  title: The trial is answered\n"
	  "  file: trial\n"
	  "  by: [trial-lead]\n"
	  "  fields: [{ name: words, type: words, max: 20000, required: yes }, { name: when-done, type: date }]\n"
	  "  settles: [{ duty: T990, done: when-done }]\n"
	  "trial.held:\n"
	  "  title: The trial is held\n"
	  "  file: trial\n"
	  "  from: [open]\n"
	  "  to: held\n"
	  "  by: [trial-lead, team-manager]\n"
	  "  fields:\n"
	  "    - { name: way, type: code, codes: [left, right], required: yes }\n"
	  "    - { name: depth, type: code, codes: [low, high] }\n"
	  "    - { name: met, type: yes }\n"
	  "    - { name: day, type: date, not-after: today }\n"
	  "  needs: [{ need: { field: { way: present } }, else: Say which way }]\n"
	  "  opens: [T991]\n"
	  "trial.gone-on:\n"
	  "  title: The trial went on\n"
	  "  file: trial\n"
	  "  by: [trial-lead]\n"
	  "  settles: [{ duty: T991, only: own }]\n"
	  "trial.closed:\n"
	  "  title: The trial ends\n"
	  "  file: trial\n"
	  "  from: [held]\n"
	  "  to: done\n"
	  "  by: [team-manager]\n"
	  "  needs: [{ gate: G990 }]\n"
	  "  settles: [T990, T991, T00]\n" },
};

#define KINDS "kinds/zz-trial.yaml"
#define RUNG_IN "tell: [ofsted-contact], place: outside }\n"

/* File, what is there, what stands there instead, what is said. */
static const struct {
	struct edit edit;
	const char *expected;
} DEFECTS[] = {
	{ { KINDS, "trial.answered:\n", "trial.opened:\n" },
	  "key \"trial.opened\" stands twice" },
	{ { "duties.yaml", "T991:\n", "T990:\n" },
	  "\"T990\" stands twice" },
	{ { "gates.yaml", "G990:\n", "G1:\n" },
	  "\"G1\" stands twice" },
	{ { "ladders.yaml", "trial-ladder:\n", "referral:\n" },
	  "\"referral\" stands twice" },
	{ { "lists.yaml", "trial-list:", "harm:" },
	  "\"harm\" stands twice" },
	{ { "duties.yaml", "  source: Trial Act 1999 s.1\n", "  source: &act Trial Act 1999 s.1\n" },
	  "anchors, aliases and tags" },
	{ { "duties.yaml", "  title: Answer the trial\n", "	title: Answer the trial\n" },
	  "tab" },
	{ { "duties.yaml", "  title: Answer the trial\n", "  title:\n" },
	  "an empty value" },
	{ { "duties.yaml", "  title: Answer the trial\n", "  ? title\n  : Answer\n" },
	  "a key with ?" },
	{ { KINDS, "title: Begin a trial", "title: Begin a tri\377al" },
	  "UTF-8" },
	{ { KINDS, "trial.answered:\n", "---\ntrial.answered:\n" },
	  "document" },
	{ { "duties.yaml", "  source: Trial Act 1999 s.1\n", "" },
	  "duty T990 has no \"source\"" },
	{ { "duties.yaml", "  certainty: sure\n  cases: [{ start: 2026-03-02",
	    "  cases: [{ start: 2026-03-02" },
	  "duty T990 has no \"certainty\"" },
	{ { "duties.yaml", "  owed-by: trial-lead\n", "" },
	  "duty T990 has no \"owed-by\"" },
	{ { "duties.yaml", "  class: statute\n  certainty: sure\n  cases: [{ start: 2026-03-02",
	    "  class: statutory\n  certainty: sure\n  cases: [{ start: 2026-03-02" },
	  "class is \"statutory\"" },
	{ { "duties.yaml", "  not-before: { working-days: 1 }\n", "  not-before: { workingdays: 1 }\n" },
	  "a period has no key \"workingdays\"" },
	{ { "duties.yaml", "  not-older: { days: 3 }\n", "  not-older: field day\n" },
	  "not-older" },
	{ { KINDS, "done: when-done", "done: words" },
	  "trial.answered: done names \"words\", which is sealed" },
	{ { KINDS, "{ name: when-done, type: date }", "{ name: when-done, type: yes }" },
	  "trial.answered: done names \"when-done\", which is no date and no instant" },
	{ { KINDS, "done: when-done", "done: when-done, where: { state: closed }" },
	  "trial.answered: where is asked of the files that on leads to; it has no on" },
	{ { KINDS, "done: when-done", "done: when" },
	  "trial.answered: done names field \"when\"; no such field" },
	{ { "duties.yaml", "  from: [field day, recorded]\n", "  from: [field day, writen]\n" },
	  "from is \"writen\"" },
	{ { "duties.yaml", "  ladder: trial-ladder\n", "  laddr: trial-ladder\n" },
	  "has key \"laddr\"" },
	{ { "duties.yaml", "start: 2026-03-02T10:00:00Z", "start: 2026-03-02" },
	  "start is no instant" },
	{ { "gates.yaml", "    - { need: { has: trial.answered }, else: Nobody has answered }\n",
	    "    - { need: { has: trial.answered } }\n" },
	  "gate G990 has no \"else\"" },
	{ { "ladders.yaml", "    - { after: { hours: 0 }, tell: [team-manager] }\n    - { after: { working-days: 2 }, tell: [service-manager] }\n    - { after: { working-days: 9 }",
	    "    - { tell: [team-manager] }\n    - { after: { working-days: 2 }, tell: [service-manager] }\n    - { after: { working-days: 9 }" },
	  "has no \"after\"" },
	{ { KINDS, "  new: yes\n", "  new: true\n" },
	  "new is \"true\"; expected yes or no" },
	{ { KINDS, "  by: [team-manager]\n  needs", "  needs" },
	  "trial.closed has no \"by\"" },
	{ { KINDS, "type: code, list: trial-list", "type: choice, list: trial-list" },
	  "type is \"choice\"; no such type" },
	{ { KINDS, "opens: [T990]", "opens: T990" },
	  "opens is \"T990\"; expected a list" },
	{ { KINDS, "  title: The trial went on\n", "" },
	  "trial.gone-on has no \"title\"" },
	{ { KINDS, "trial.gone-on:", "trial-gone-on:" },
	  "is no name" },
	{ { "files.yaml", "    states: [open, held, done]\n", "" },
	  "file type trial has no \"states\"" },
	{ { "files.yaml", "    final: [done]\n    rests: [open, held]\n", "    rests: [open, held]\n" },
	  "file type trial has no \"final\"" },
	{ { "files.yaml", "keep: last }\n      depth", "keep: newest }\n      depth" },
	  "keep is \"newest\"" },
	{ { "lists.yaml", "{ one: One,", "{ One: One," },
	  "code \"One\" is not written" },
	{ { "offices.yaml", "title: Trial lead, ", "" },
	  "office trial-lead has no \"title\"" },
	{ { "offices.yaml", "reads: [{ what: own }] }\n", "reads: [{ what: all }] }\n" },
	  "what is \"all\"" },
	{ { "offices.yaml", "reads: [{ what: own }] }\n", "reads: [{ what: restricted }] }\n" },
	  "office trial-lead reads what is restricted, and is not independent" },
	{ { KINDS, "  by: [anyone]\n", "  by: [trial-lead]\n  any-file: [trial-lead]\n" },
	  "trial.opened begins a file, which needs no part in one; leave out any-file" },
	{ { KINDS, "answered\n  file: trial\n  by: [trial-lead]\n",
	    "answered\n  file: trial\n  by: [trial-lead]\n  any-file: [edt]\n" },
	  "trial.answered: any-file names edt, which is not among by:" },
	{ { KINDS, "answered\n  file: trial\n  by: [trial-lead]\n",
	    "answered\n  file: trial\n  by: [trial-lead]\n  any-file: [trial-led]\n" },
	  "trial.answered names office \"trial-led\"; no such office; nearest: trial-lead" },
	{ { "duties.yaml", "  owed-by: trial-lead\n", "  owed-by: trial-led\n" },
	  "nearest: trial-lead" },
	{ { "duties.yaml", "  ladder: trial-ladder\n", "  ladder: trial-lader\n" },
	  "names ladder \"trial-lader\"; no such ladder; nearest: trial-ladder" },
	{ { "duties.yaml", "ladder: { by: way, left: trial-ladder, right: referral }",
	    "ladder: { by: way, left: trial-ladder }" },
	  "no ladder when \"way\" is right" },
	{ { "duties.yaml", "ladder: { by: way, left: trial-ladder, right: referral }",
	    "ladder: { by: wey, left: trial-ladder, right: referral }" },
	  "\"wey\"" },
	{ { "duties.yaml", "from: [field day, recorded]", "from: [field dai, recorded]" },
	  "from names field \"dai\"" },
	{ { "duties.yaml", "from: [field day, recorded]", "from: [last trial.hold, recorded]" },
	  "names kind \"trial.hold\"; no such kind; nearest: trial.held" },
	{ { "gates.yaml", "{ need: { has: trial.answered }", "{ need: { has: trial.answerd }" },
	  "\"trial.answerd\"; no such kind; nearest: trial.answered" },
	{ { "gates.yaml", "{ need: { has: trial.answered }", "{ need: { hass: trial.answered }" },
	  "\"hass\" is no condition, field or fact; nearest: has" },
	{ { "gates.yaml", "{ way: left } }", "{ way: lft } }" },
	  "\"lft\"" },
	{ { "gates.yaml", "{ rule: [T96], is: open } } }, else: A reading",
	    "{ rule: [T969], is: open } } }, else: A reading" },
	  "\"T969\"" },
	{ { "gates.yaml", "need: { second: team-manager }, else: It wants",
	    "need: { second: team-manger }, else: It wants" },
	  "\"team-manger\"; no such office; nearest: team-manager" },
	{ { "ladders.yaml", "    - { after: { working-days: 2 }, tell: [service-manager] }\n    - { after: { working-days: 9 }",
	    "    - { after: { working-days: 2 }, tell: [servce-manager] }\n    - { after: { working-days: 9 }" },
	  "nearest: service-manager" },
	{ { "ladders.yaml", "    - { after: { hours: 0 }, tell: [team-manager] }\n    - { after: { working-days: 2 }, tell: [service-manager] }\n    - { after: { working-days: 9 }",
	    "    - { after: { hours: 0 }, tell: [team-manager], makes: trial.climbed }\n    - { after: { working-days: 2 }, tell: [service-manager] }\n    - { after: { working-days: 9 }" },
	  "names kind \"trial.climbed\"; no such kind" },
	{ { KINDS, "  to: held\n", "  to: hold\n" },
	  "to names \"hold\"; no such state; nearest: held" },
	{ { KINDS, "from: [open]", "from: [opn]" },
	  "from names \"opn\"; no such state; nearest: open" },
	{ { KINDS, "opens: [T990]", "opens: [T999]" },
	  "opens names duty \"T999\"; no such duty" },
	{ { KINDS, "duty: T990, done", "duty: T909, done" },
	  "settles names duty \"T909\"; no such duty" },
	{ { KINDS, "gate: G990", "gate: G909" },
	  "names gate \"G909\"; no such gate" },
	{ { KINDS, "by: [trial-lead]\n  fields: [{ name: words",
	    "by: [trial-leed]\n  fields: [{ name: words" },
	  "names office \"trial-leed\"; no such office; nearest: trial-lead" },
	{ { KINDS, "relation: trial-of", "relation: trial-off" },
	  "names relation \"trial-off\"; no such relation; nearest: trial-of" },
	{ { KINDS, "relation: trial-of", "relation: trial-beside" },
	  "links goes by trial-beside, which does not lead" },
	{ { KINDS, "to: about }", "to: abuot }" },
	  "links names field \"abuot\"; no such field; nearest: about" },
	{ { KINDS, "to: about }", "to: names }" },
	  "is sealed" },
	{ { KINDS, "to: about }", "to: sort }" },
	  "which is no file" },
	{ { KINDS, "  file: trial\n  new: yes", "  file: trail\n  new: yes" },
	  "names file type \"trail\"; no such file type; nearest: trial" },
	{ { KINDS, "list: trial-list", "list: trial-lists" },
	  "names list \"trial-lists\"; no such list; nearest: trial-list" },
	{ { KINDS, "of: [concern] }", "of: [concren] }" },
	  "nearest: concern" },
	{ { KINDS, "only: own", "only: mine" },
	  "only is \"mine\"; expected own, field NAME, own field NAME, earliest or all" },
	{ { KINDS, "max: 20000, required", "max: 200, required" },
	  "never limited under 10000 characters (L12)" },
	{ { KINDS, "{ name: names, type: name }", "{ name: ethnicity, type: text, max: 90 }" },
	  "must be sealed by its type and protected (L10)" },
	{ { KINDS, "{ name: names, type: name }", "{ name: about, type: name }" },
	  "field \"about\" stands twice" },
	{ { KINDS, "{ name: names, type: name }", "{ name: names, type: name, plain: yes }" },
	  "always sealed" },
	{ { "files.yaml", "trial.held.way]", "trial.held.wey]" },
	  "trial.held has no field \"wey\"" },
	{ { "files.yaml", "trial.held.depth]", "trial.opened.names]" },
	  "which is sealed" },
	{ { "files.yaml", "order: [low, high] }", "order: [low] }" },
	  "order leaves out \"high\"" },
	{ { "files.yaml", "keep: ever, value: yes }", "keep: ever }" },
	  "value goes with keep: ever" },
	{ { "files.yaml", "    final: [done]\n    rests: [open, held]",
	    "    final: [doen]\n    rests: [open, held]" },
	  "final names \"doen\"; no such state; nearest: done" },
	{ { "files.yaml", "rests: [open, held]\n    facts:\n      way",
	    "rests: [open, done]\n    facts:\n      way" },
	  "rests names a final state" },
	{ { "files.yaml", "trial-of: { from: [trial], to: [concern] }",
	    "trial-of: { from: [trial], to: [concrn] }" },
	  "nearest: concern" },
	{ { "files.yaml", "trial-of: { from: [trial], to: [concern] }",
	    "trial-of: { from: [trial], to: [concern], both-ways: yes }" },
	  "goes both ways between different file types" },
	{ { "offices.yaml", "agency: council, line: team-manager, deputies: [edt], reads: [{ what: own }]",
	    "agency: counsil, line: team-manager, deputies: [edt], reads: [{ what: own }]" },
	  "names agency \"counsil\"" },
	{ { "offices.yaml", "line: team-manager, deputies: [edt], reads: [{ what: own }]",
	    "line: team-manger, deputies: [edt], reads: [{ what: own }]" },
	  "nearest: team-manager" },
	{ { "offices.yaml", "line: team-manager, deputies: [edt], reads: [{ what: own }]",
	    "line: team-manager, deputies: [trial-lead], reads: [{ what: own }]" },
	  "its own deputy" },
	{ { "lists.yaml", "instead: two", "instead: tow" },
	  "instead names \"tow\"" },
	{ { "duties.yaml", "  source: Trial Act 1999 s.1\n", "  source: The law\n" },
	  "duty T990 is of class statute and names no Act" },
	{ { "duties.yaml", "  ladder: trial-ladder\n",
	    "  ladder: trial-ladder\n  extendable: line-above\n" },
	  "duty T990 is of class statute and cannot be extended (X2)" },
	{ { "duties.yaml", "not-before: { working-days: 1 }", "not-before: { working-days: 5 }" },
	  "duty T990 may be settled only when it is late already" },
	{ { "duties.yaml", "due: 2026-03-10T00:00:00Z, why: a plain",
	    "due: 2026-03-09T00:00:00Z, why: a plain" },
	  "T990" },
	{ { KINDS, "settles: [T990, T991, T00]", "settles: [T991, T00]\n  ends: [T990]" },
	  "ends duty T990 of class statute without a condition (X6)" },
	{ { "offices.yaml", "line: team-manager, deputies: [edt], reads: [{ what: own }]",
	    "line: trial-lead, deputies: [edt], reads: [{ what: own }]" },
	  "comes back to itself" },
	{ { "offices.yaml", "{ title: Trial lead,", "{ title: Trial lead, retired: 2027-01-01," },
	  "which is retired" },
	{ { KINDS, "settles: [T990, T991, T00]", "settles: [T990, T00]" },
	  "a trial ends (done) while T991 is still owed" },
	{ { KINDS, "settles: [T990, T991, T00]", "settles: [T990, T991]" },
	  "nothing settles T00 on a trial" },
	{ { "gates.yaml", "    - { need: { not: { duty: { rule: [T96], is: open } } }, else: A reading is not reviewed }\n",
	    "" },
	  "a trial ends (done) while T96 is still owed" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { lacks: trial.held }, else: It was held }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { has: trial.closed }, else: It never ended }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { has: concern.looked }, else: Nobody looked }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { all: [{ age: { under: 10 } }, { age: { at-least: 12 } }] }, else: No age }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { all: [{ fresh: { kind: trial.answered, within: { days: 3 } } }, { lacks: trial.answered }] }, else: No time }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { all: [{ fresh: { kind: trial.answered, within: { days: 3 } } }, { older-than: { kind: trial.answered, days: 9 } }] }, else: No time }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { all: [{ count: { of: trial.answered, at-least: 3, within: { days: 9 } } }, { count: { of: trial.answered, at-most: 1, within: { days: 30 } } }] }, else: No number }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { all: [{ linked: { by: trial-of, at-least: 2 } }, { linked: { by: trial-of, at-least: 0, at-most: 1 } }] }, else: No number }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { all: [{ duty: { rule: [T991], is: late } }, { not: { duty: { rule: [T991, T990], is: open } } }] }, else: No duty }" },
	  "trial.closed can never be made on a trial" },
	{ { "gates.yaml", "{ need: { has: trial.answered }, else: Nobody has answered }",
	    "{ need: { fact: { depth: low } }, else: Not deep }\n    - { need: { fact: { depth: high } }, else: Too deep }" },
	  "trial.closed can never be made on a trial" },
	{ { KINDS, "from: [held]", "from: [open]" },
	  "from state held no final state can be reached" },
	{ { KINDS, "  to: done\n", "  to: open\n" },
	  "trial.closed settles T00, but neither says what is next" },
	{ { "files.yaml", "states: [open, held, done]", "states: [open, held, lost, done]" },
	  "state \"lost\" is never reached" },
	{ { KINDS, "  new: yes\n", "" },
	  "no kind begins it" },
	{ { KINDS, "by: [trial-lead]\n  fields: [{ name: words",
	    "by: [register]\n  fields: [{ name: words" },
	  "duty T990 on a trial in state open can be discharged by nobody" },
	{ { KINDS, "settles: [{ duty: T991, only: own }]",
	    "settles: [{ duty: T991, only: own }]\n  needs: [{ need: { duty: { rule: [T991], is: late } }, else: x }, { need: { not: { duty: { rule: [T991], is: late } } }, else: x }]" },
	  "trial.gone-on can never be made on a trial" },
	{ { KINDS, "opens: [T991]\n", "opens: []\n" },
	  "T991" },
	{ { KINDS, "needs: [{ gate: G990 }]", "needs: [{ need: { way: left }, else: x }]" },
	  "way" },
	{ { KINDS, "settles: [{ duty: T991, only: own }]", "settles: [{ duty: T991, only: own }, T00]" },
	  "trial.gone-on settles T00, but neither says what is next" },
};

static const char *pack_name(void)
{
	const char *name = file_environment("CANDOUR_DEFECT_PACK");
	return name ? name : "england";
}

static const struct pack_bytes *with_trial(struct arena *arena)
{
	const struct pack_bytes *bytes = find_pack(arena, pack_name());
	for (size_t i = 0; i < COUNT_OF(TRIAL); i++)
		bytes = edit_pack(arena, bytes, &TRIAL[i]);
	return bytes;
}

/* Whether a line says it, with file, line and column before it. */
static bool is_said(struct str line, const char *expected)
{
	size_t place = str_find_str(line, STR(".yaml:"));
	size_t at = str_find_str(line, str_from_c(expected));
	return at < line.n && place < line.n && line.p[place + 6] >= '1' && line.p[place + 6] <= '9';
}

static bool is_found(struct arena *arena, const struct pack_bytes *bytes, const char *expected)
{
	struct pack *pack = NULL;
	struct pack_errors errors = { 0 };
	struct pack_report report = { 0 };
	struct err err = { 0 };
	bool said = false;
	if (!pack_load(bytes, &pack, arena, &errors, &err)) {
		for (size_t i = 0; i < errors.count; i++)
			said = said || is_said(errors.lines[i], expected);
		for (size_t i = 0; i < errors.count && !said; i++)
			print_message("found:    %.*s\n", STR_ARG(errors.lines[i]));
		return said;
	}
	if (!pack_check(pack, arena, &report, &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < report.count; i++)
		said = said || (report.at[i].verdict == PACK_FAILS && is_said(report.at[i].line, expected));
	for (size_t i = 0; i < report.count && !said; i++) {
		if (report.at[i].verdict == PACK_FAILS)
			print_message("found:    %.*s\n", STR_ARG(report.at[i].line));
	}
	pack_destroy(pack);
	return said;
}

static void the_pack_holds_with_a_trial_beside_it(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, with_trial(arena));
	struct pack_report report;
	struct err err = { 0 };
	assert_true(pack_check(pack, arena, &report, &err));
	for (size_t i = 0; i < report.count && !report.holds; i++) {
		if (report.at[i].verdict == PACK_FAILS)
			print_message("%.*s\n", STR_ARG(report.at[i].line));
	}
	assert_true(report.holds);
	pack_destroy(pack);
}

static void each_defect_is_refused_where_it_stands(void **state)
{
	size_t missed = 0;
	(void)state;
	assert_true(COUNT_OF(DEFECTS) >= 80);
	for (size_t i = 0; i < COUNT_OF(DEFECTS); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *wrong = edit_pack(arena, with_trial(arena), &DEFECTS[i].edit);
		if (is_found(arena, wrong, DEFECTS[i].expected))
			continue;
		print_message("expected: %s\n\n", DEFECTS[i].expected);
		missed++;
	}
	assert_int_equal(missed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pack_holds_with_a_trial_beside_it),
		cmocka_unit_test(each_defect_is_refused_where_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
