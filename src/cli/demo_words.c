/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The words of Northmere: names, streets, and what happens to children there.
 * All of it is made up. A story is one row; slots in braces are filled with
 * the child of the day.
 */
#include "cli/demo_world.h"

static const struct demo_words_of SHE = { "she", "her", "her" };
static const struct demo_words_of HE = { "he", "him", "his" };

static const char *const GIRLS[] = {
	"Amina", "Beatriz", "Carys",   "Dorota", "Efua",   "Freya",  "Gurpreet", "Hana",
	"Isla",  "Jaya",    "Kirsten", "Leila",  "Mabel",  "Nkechi", "Orla",     "Poppy",
	"Quyen", "Roza",    "Saoirse", "Tamsin", "Umaira", "Violet", "Wanjiru",  "Xenia",
	"Yara",  "Zuzanna", "Elif",    "Megan",  "Ngaio",  "Pilar",
};
static const char *const BOYS[] = {
	"Arjun",  "Bilal",   "Cormac", "Dawid",   "Emeka",  "Florin",  "Gethin", "Hamza",
	"Idris",  "Jakub",   "Kofi",   "Lachlan", "Mateus", "Niall",   "Oskar",  "Prakash",
	"Rafe",   "Stellan", "Tariq",  "Uche",    "Viktor", "Wilfred", "Yusuf",  "Zane",
	"Harvey", "Dylan",   "Aurel",  "Bartek",  "Caleb",  "Minh",
};
static const char *const EITHER[] = { "Robin", "Ash", "Kit", "Sky", "Wren", "Marley" };

static const char *const FAMILIES[] = {
	"Abernethy",  "Achterberg", "Adebola",    "Ainsdale",  "Baptista",    "Bielak",
	"Boateng",    "Brackwater", "Cartmell",   "Chowdhary", "Coverdale",   "Czerny",
	"Dunleavy",   "Dewhirst",   "Eastlake",   "Ekwueme",   "Farquharson", "Fennimore",
	"Ghorbani",   "Gilhespy",   "Halloran",   "Harbottle", "Hoang",       "Ibekwe",
	"Inskip",     "Jablonska",  "Jessop",     "Kavanagh",  "Keighley",    "Kurucz",
	"Lazarescu",  "Lindholm",   "Llewellyn",  "Madubuike", "Marsden",     "Mehrotra",
	"Moreno",     "Nazari",     "Netherwood", "Novotny",   "Oduya",       "Ormerod",
	"Pakzad",     "Penhaligon", "Petrescu",   "Quarshie",  "Ravenscroft", "Rezaei",
	"Rowbotham",  "Saldanha",   "Sandhu",     "Skelton",   "Stavrou",     "Swales",
	"Tembo",      "Thackeray",  "Ugwu",       "Vasquez",   "Veitch",      "Wadsworth",
	"Wrzesinski", "Yeardley",   "Zielinski",  "Zuberi",
};
static const char *const STREETS[] = {
	"Ropewalk Lane", "Staithe Street", "Kiln Row",     "Heron Close",   "Tollgate Road",
	"Mill Fold",     "Beacon Terrace", "Dyer's Yard",  "Saltmarsh Way", "Quarry Bank",
	"Lantern Court", "Weir Gardens",   "Foundry Walk", "Curlew Avenue", "Drovers' Hill",
	"Chapel Ginnel", "Packhorse Road", "Sluice Green",
};
static const char *const SCHOOLS[] = {
	"Weirside Primary",   "St Oswin's Primary", "Northmere Academy",
	"Beacon Hill School", "Saltmarsh Infants",  "Drovers' High School",
};

#define PUBLIC(source, harm) DEMO_WEB, NULL, source, harm
#define CALL(source, harm) DEMO_PHONE, NULL, source, harm
#define OFFICE(office, source, harm) DEMO_OFFICE, office, source, harm

/* way, source, harm, sign | happening | said | when | where | outcome, reasons | more, file */
static const struct demo_story STORIES[] = {
	{ PUBLIC("neighbour", "neglect"), "unknown",
	  "{Child} is in the garden until after ten at night, most nights, in a T-shirt. Nobody calls {him} in. "
	  "When I ask, {he} says {he} is waiting for somebody to come home.",
	  "I have a key but the lock is broken.", "Since the clocks changed", "{street}", DEMO_HELP,
	  "The family works two shifts and has nobody for the evenings. They want help with that.",
	  "Last night {he} sat on the step again. It was raining.", NULL },
	{ PUBLIC("neighbour", "physical emotional"), "unknown",
	  "I hear a man shouting and things being thrown, then {child} crying. It goes on for an hour. This week it "
	  "was three evenings.",
	  NULL, "Evenings, about eight", "Next door, {street}", DEMO_ASSESS,
	  "Two calls to the police and what the school sees fit together. It must be looked at in the home.",
	  "It is quiet now, but there is a hole in the door.", "the door.png" },
	{ PUBLIC("relative", "neglect"), "no",
	  "My sister cannot manage. {Child} comes to us hungry at weekends and takes food home in {his} bag.",
	  "Can I take the bread for Mum?", "Every weekend", "At ours, and at home in {street}",
	  DEMO_HELP,
	  "The mother asks for help herself and agreed to a worker of a voluntary service.", NULL,
	  NULL },
	{ PUBLIC("parent", "online"), "unknown",
	  "{Child} gets messages at night from somebody who says he is sixteen. He sends money for a game and wants "
	  "{him} to keep it from us. I have pictures of the messages.",
	  "He is the only one who listens to me.", "For three weeks", "In a game on the telephone",
	  DEMO_STRATEGY,
	  "An adult may stand behind the account. Police and council must talk before anything is said to him.",
	  "He has now asked where {he} goes to school.", "messages.txt" },
	{ PUBLIC("friend", "self-harm"), "yes",
	  "{Child} is my friend. {He} showed me {his} arms and made me swear not to say. I am saying it because I am "
	  "afraid.",
	  "Do not tell, they will take my phone.", "Since half-term", "In the changing room",
	  DEMO_ASSESS,
	  "The young person needs to be seen by somebody trusted, and health knows nothing yet.",
	  NULL, NULL },
	{ PUBLIC("public", "sexual-exploitation"), "unknown",
	  "The same silver car waits by the bus station after school. {Child} gets in, with two others I do not "
	  "know. The men are much older.",
	  NULL, "Tuesdays and Fridays, half past three", "Northmere bus station, stand C",
	  DEMO_STRATEGY,
	  "A car, older adults and more than one child: police, health and council must share what they have.",
	  "I have part of the number plate and wrote it down.", "number plate.txt" },
	{ PUBLIC("anonymous", "domestic-abuse-witnessed"), "unknown",
	  "He hits her in front of the children. {Child} stands between them. I cannot say who I am, he knows me.",
	  "Stop it, I will be good.", "At least twice this month", "{street}", DEMO_STRATEGY,
	  "The child stands between two adults. Tonight's safety cannot wait for an assessment.",
	  NULL, NULL },
	{ PUBLIC("child", "emotional"), "unknown",
	  "I am {child}. I do not want to go home on Friday. It is always bad when he has been paid. Please do not "
	  "phone my house.",
	  "I am {child}. I do not want to go home on Friday.", "Fridays", "At home", DEMO_ASSESS,
	  "The child wrote to us alone and named the day. {He} is seen at school first, as {he} asked.",
	  "It was bad again. I went to Gran.", NULL },
	{ PUBLIC("relative", "criminal-exploitation"), "unknown",
	  "My grandchild {child} has two telephones and new trainers and will not say from where. {He} came back on Sunday "
	  "with mud to the knee and slept for a day.",
	  "It is only a bag, Nan. I just carry it.", "Since the summer",
	  "By train, I do not know where to", DEMO_STRATEGY,
	  "Two telephones, journeys and debts: the child is being used by adults.", NULL, NULL },
	{ PUBLIC("neighbour", "neglect"), "no",
	  "There are four small ones in that flat and I have not seen a grown-up since Thursday. {Child} does the "
	  "shopping with a purse of coins.",
	  NULL, "Since Thursday", "{street}, top floor", DEMO_HELP,
	  "An aunt was there all the time and is known to the health visitor. She would like help.",
	  "I saw the aunt now. I am sorry if I was wrong.", NULL },
	{ PUBLIC("parent", "child-on-child"), "yes",
	  "Boys in year nine follow {child} to the toilets and film {him}. The school says it has spoken with them. It "
	  "happened again today.",
	  "They said it goes to everybody if I tell.", "Every school day", "{school}", DEMO_ASSESS,
	  "It goes on after the school acted. Both the child and those who film need to be seen.",
	  NULL, NULL },
	{ PUBLIC("public", "not-yet-known"), "unknown",
	  "A child of about {age} sat alone at the swimming baths from opening to closing, three days in a row. The "
	  "lifeguard calls {him} {child}.",
	  NULL, "This week", "Northmere baths", DEMO_ADVICE,
	  "The family has a season ticket and the grandfather swims there. Nothing else is known anywhere.",
	  NULL, NULL },
	{ PUBLIC("sport", "physical"), "yes",
	  "{Child} trains with us. {He} changes in the corner and had marks across {his} back, straight ones. {He} said "
	  "{he} fell off a wall.",
	  "I fell off a wall. Do not ring Dad.", "Saw it on the last training evening",
	  "Sports hall", DEMO_EMERGENCY,
	  "Marks that no fall makes, and a child afraid of the call. {He} does not go home before {he} is seen.",
	  NULL, "what I saw.txt" },
	{ PUBLIC("faith", "honour-based forced-marriage"), "unknown",
	  "{Child} told somebody in our women's group that tickets are bought for the holidays and that {he} will not "
	  "be coming back. {His} passport has been taken.",
	  "They have my passport. I said no.", "The holidays begin in two weeks", "{street}",
	  DEMO_STRATEGY,
	  "A journey is booked and the passport is gone. An order may be needed before the holidays.",
	  NULL, NULL },
	{ PUBLIC("neighbour", "not-yet-known"), "unknown",
	  "{Child} from number nine has not been seen for two weeks. The curtains are shut. They were loud people and "
	  "now it is quiet.",
	  NULL, "Two weeks", "{street}", DEMO_NONE,
	  "The family is with grandparents for the holidays. The school has known since the last day of term.",
	  NULL, NULL },
	{ PUBLIC("business", "not-yet-known"), "unknown",
	  "Two children come in for sweets during school hours. One is called {child}. I thought somebody should know.",
	  "We have a day off.", "Wednesday and Thursday", "The shop in {street}", DEMO_NONE,
	  "Both days were training days of {school}. They are taught there and well known.", NULL,
	  NULL },
	{ CALL("housing", "not-yet-known"), "no",
	  "Housing rings for the record: a second complaint of noise from the flat of {child}'s family. Children "
	  "running, says the neighbour below.",
	  NULL, "Last month", "{street}", DEMO_NONE,
	  "Children who run indoors. Nothing is known anywhere, and the health visitor was there last week.",
	  NULL, NULL },
	{ OFFICE("police-officer", "police", "not-yet-known"), "no",
	  "{Child} ({age}) was lost at the fair for half an hour and brought back to {his} family. Sent for information.",
	  "I was looking at the horses.", "Saturday, 15:20", "Northmere fair", DEMO_NONE,
	  "Lost and found in half an hour, with parents who had called the police themselves.",
	  NULL, NULL },
	{ OFFICE("dsl", "school", "not-yet-known"), "no",
	  "Sent for information: {child} ({age}) has moved to us from {street} and settled well. The old school's notes "
	  "are thin.",
	  NULL, "This week", "{school}", DEMO_NONE,
	  "The notes have come. There is nothing in them that anybody must do.", NULL, NULL },
	{ CALL("relative", "neglect"), "no",
	  "Grandmother rings. The new baby is not gaining weight, she says, and her daughter sleeps all day. {Child} "
	  "makes the bottles.",
	  NULL, "Since the birth", "{street}", DEMO_ASSESS,
	  "The health visitor saw the weight fall twice. The mother needs to be seen this week.",
	  "She rings again: the midwife was not let in.", NULL },
	{ CALL("neighbour", "physical"), "unknown",
	  "Caller hears a child hit with something hard through the wall, and counts. She thinks it is {child}. She "
	  "does not want her name told.",
	  NULL, "This morning before school", "{street}", DEMO_ASSESS,
	  "What the caller heard fits a mark the school wrote down in spring.", NULL, NULL },
	{ CALL("housing", "neglect"), "unknown",
	  "Housing officer rings from the stairwell. No heating, no beds, dog mess in the hall. {Child} opened the "
	  "door and said Mum is asleep and cannot be woken.",
	  "Mum is asleep. You have to come back.", "Today", "{street}", DEMO_EMERGENCY,
	  "The mother could not be woken. An ambulance was called, and the children were taken to their aunt.",
	  NULL, NULL },
	{ CALL("youth-work", "criminal-exploitation"), "unknown",
	  "Youth worker rings. {Child} owes money to older boys and asked for twenty pounds \"or they come to ours\".",
	  "They come to ours if I do not pay.", "Told on Wednesday", "Youth club", DEMO_STRATEGY,
	  "A debt and a threat to the home: police and council plan together.", NULL, NULL },
	{ CALL("parent", "online"), "no",
	  "Mother rings. {Child} has seen things on a classmate's telephone and cannot sleep. She asks what to do.",
	  NULL, "Last week", "At a friend's", DEMO_ADVICE,
	  "The mother has done what can be done. She was told how to have it taken down and where to ring.",
	  NULL, NULL },
	{ CALL("hospital", "self-harm"), "yes",
	  "Ward sister rings. {Child} came in last night after tablets and will be well. {He} says there is nobody to "
	  "fetch {him} whom {he} wants to see.",
	  "Not him. Anybody else.", "Last night", "Northmere General", DEMO_STRATEGY,
	  "{He} names somebody {he} fears. {He} stays on the ward until it is known why.", NULL,
	  NULL },
	{ CALL("transport", "trafficking"), "unknown",
	  "Guard of the evening train rings. {Child}, about {age}, travels with a man who holds both tickets and both "
	  "telephones and answers for {him}.",
	  NULL, "Tonight", "The 19.52 to the coast", DEMO_EMERGENCY,
	  "Police met the train. The child is with carers tonight and is spoken with tomorrow.",
	  NULL, NULL },
	{ CALL("another-area", "not-yet-known"), "no",
	  "Duty worker of another area rings. {Child}'s family moved to {street} last month; their file was closed as "
	  "moved, and nobody wrote to us.",
	  NULL, "Moved a month ago", "{street}", DEMO_HELP,
	  "The family takes up the help it had before, now with us.", NULL, NULL },
	{ OFFICE("dsl", "school", "emotional not-yet-known"), "no",
	  "{Child} ({age}) has been very quiet since the holidays, is always tired and has a new telephone. {He} waits "
	  "for somebody at the gate who is not a parent.",
	  "He is just a friend of my cousin.", "Since the start of term", "{school}", DEMO_ASSESS,
	  "Each thing is small. Together they are a change that nobody has explained.",
	  "Today an older boy asked for {him} at the office by name.", NULL },
	{ OFFICE("dsl", "school", "neglect"), "no",
	  "{Child} has come without breakfast for two weeks, in the same clothes. We feed {him}. The parent does not "
	  "answer the telephone.",
	  "There was toast yesterday.", "Two weeks", "{school}", DEMO_HELP,
	  "The parent lost work and was ashamed to say so. Food, a grant and a worker are arranged.",
	  NULL, NULL },
	{ OFFICE("dsl", "school", "physical"), "yes",
	  "{Child} had a hand-shaped mark on the upper arm at PE. {He} pulled the sleeve down. Drawn on the body map "
	  "and kept.",
	  "I was cheeky.", "Seen today in the second lesson", "{school}", DEMO_STRATEGY,
	  "A mark, and words that explain it. Police and health are asked today.", NULL,
	  "body map.png" },
	{ OFFICE("dsl", "school", "female-genital-mutilation"), "unknown",
	  "{Child} says an aunt is coming for the summer and that there will be a party for {him}. An older sister "
	  "was away for three months after such a party.",
	  "I get a party like my sister.", "The holidays begin soon", "{school}", DEMO_STRATEGY,
	  "The duty to protect begins before the journey. Health and police are at the table.",
	  NULL, NULL },
	{ OFFICE("headteacher", "school", "domestic-abuse-witnessed"), "no",
	  "{Child} drew the kitchen with a broken chair and said it is where Mum sleeps now. The mother came in with "
	  "dark glasses.",
	  "Mum sleeps in the kitchen so he does not come in.", "This week", "{school}", DEMO_ASSESS,
	  "The mother spoke with the school and wants to speak with us, away from the house.", NULL,
	  "drawing.png" },
	{ OFFICE("police-contact", "police", "domestic-abuse-witnessed"), "unknown",
	  "Officers at the address at 23:40. Argument between adults, both had been drinking. {Child} ({age}) was "
	  "awake on the stairs and uninjured.",
	  "Are you taking Dad again?", "Last night, 23:40", "{street}", DEMO_ASSESS,
	  "It is the third time in a year that officers found the child awake.", NULL, NULL },
	{ OFFICE("police-contact", "police", "criminal-exploitation"), "unknown",
	  "{Child} ({age}) stopped at the station with eleven wraps and a return ticket bought by somebody else. {He} "
	  "would not say by whom.",
	  "No comment. I just want to go home.", "Yesterday, 16:10", "Railway station",
	  DEMO_STRATEGY, "{He} was sent by adults. {He} is a child first, whatever was in the bag.",
	  NULL, NULL },
	{ OFFICE("police-officer", "police", "neglect"), "no",
	  "Called to a barking dog. {Child} was alone in the flat with a younger brother; the mother came back after "
	  "forty minutes from a cleaning job.",
	  "We are fine, I can cook.", "Saturday morning", "{street}", DEMO_HELP,
	  "No danger was found. The mother takes the place in the breakfast club.", NULL, NULL },
	{ OFFICE("health-visitor", "health-visitor", "neglect unborn"), "no",
	  "Three visits missed. The flat is cold. {Child} ({age}) does what a parent would do; the mother expects a "
	  "child in spring and has seen no midwife.",
	  NULL, "Since autumn", "{street}", DEMO_ASSESS,
	  "Missed visits are not a choice of the child's. An assessment before the birth.", NULL,
	  NULL },
	{ OFFICE("gp", "gp", "self-harm"), "yes",
	  "{Child} ({age}) came alone, asked for something to sleep, and has older scars on the left arm. {He} asked "
	  "that home is not told yet.",
	  "If I sleep I do not think.", "Seen this morning", "The surgery", DEMO_ASSESS,
	  "{He} came without anybody and can be spoken with at the surgery.", NULL, NULL },
	{ OFFICE("named-nurse", "hospital", "physical"), "yes",
	  "{Child} ({age}), broken wrist, second this year. The account of the fall changed between triage and ward. "
	  "Both accounts are kept.",
	  "I fell. I fell off the, off the bed.", "Came in last night", "Northmere General",
	  DEMO_STRATEGY, "Two accounts of one fall. A paediatrician sees {him} before {he} leaves.",
	  NULL, NULL },
	{ OFFICE("vol-worker", "voluntary", "sexual-exploitation online"), "unknown",
	  "{Child} comes to our evening group. {He} told of a flat where there is always music and vodka and nobody asks "
	  "how old you are. {He} knows the door but not the number.",
	  "Everybody goes. They are nice to you at first.", "Several weekends",
	  "Somewhere off {street}", DEMO_STRATEGY,
	  "A place, adults, drink and more than one child. It is not one family's matter.",
	  "{He} now says that two more from {his} class go there.", NULL },
	{ OFFICE("vol-worker", "voluntary", "radicalisation"), "no",
	  "{Child} ({age}) shows clips to the younger ones and says who does not belong in Northmere. New words, new "
	  "friends, all online.",
	  "You will all see.", "Two months", "Youth centre", DEMO_HELP,
	  "The family is worried too and accepts somebody who can talk with {him}.", NULL, NULL },
	{ OFFICE("vol-manager", "voluntary", "emotional"), "no",
	  "A volunteer was told by {child} that {he} is not allowed to speak at home \"until I have earned it\". It was "
	  "day nine.",
	  "I have four more days.", "Told on Monday", "After-school club", DEMO_ASSESS,
	  "Silence as a punishment, for days. The child is seen alone.", NULL, NULL },
};

static const char *const QUESTIONS[] = {
	"Do you know {child}, or the address in {street}? What have you seen in the last year, and when last?",
	"What do you know about {child} and who lives in the home? Any worry, however small.",
	"When did you last see {child}? Was {he} well, and who was with {him}?",
};
static const char *const POLICE_KNOWS[] = {
	"Two calls to the address in the last year, both for noise. {Child} was seen and well each time.",
	"One call to {street} in spring; the adults were parted for the night. Nothing since.",
	"An adult at the address was stopped in a car with young people in August. No offence was found.",
};
static const char *const HEALTH_KNOWS[] = {
	"Seen for a cough in autumn. Came with an aunt. Immunisations are complete; two appointments were missed.",
	"Weight and height are as they should be. A note of February says: very watchful, asks before {he} sits.",
	"Known to us since birth. The mother was tired and open at the last visit and asked about a nursery place.",
};
static const char *const SCHOOL_KNOWS[] = {
	"Attendance fell from 96 to 81 in a term. {He} is tired on Mondays and has stopped going to football.",
	"A kind child with two good friends. Lunch money is often missing. We have spoken with the parent once.",
	"We keep a note of four small things since September; I attach the dates in my answer by telephone.",
};
static const char *const VOLUNTARY_KNOWS[] = {
	"Comes to the evening group most weeks. Helps with the little ones. Never wants to be the first to leave.",
};
static const char *const NOTHING[] = {
	"We have looked under the name, the address and the names of the adults. Nothing is known to us.",
	"Not known here. We looked in both systems and asked the night desk.",
};
static const char *const REPLIES[] = {
	"Thank you for telling us. We have looked at it with the school, health and the police. No child was found to "
	"be in danger. If you see anything more, write here at any time.",
	"Thank you. We have spoken with the people who know the family and have told you what you can do. Write here if "
	"it happens again.",
	"Thank you for telling us. Help has been offered, and it is being taken up.",
	"Thank you for telling us. We are looking at it closely together with others. We cannot tell you more, but it "
	"has not been left lying.",
	"Thank you for telling us. Several of us are working on it together. If you see anything more, write here.",
	"Thank you. What you told us was acted on at once.",
};
static const char *const NOTES[] = {
	"Visited as agreed. Spoke with {child} alone in the kitchen for a quarter of an hour. {He} would like the visits "
	"to go on.",
	"Meeting with the school. {Child} comes in every day now. Next: see {him} at school, without notice.",
	"Telephoned the aunt. She keeps {child} at weekends until the end of the month.",
	"Nobody was at home. A card was left, and the school was asked to say when {he} is next there.",
	"{Child} showed {his} room. There is a bed now, and a lamp. {He} asked whether I would come again.",
	"Plan looked at with the family and the health visitor. Two of five things are done.",
};
static const char *const BASIS[] = {
	"Read our own files and rang the school. {Child} is there today and well.",
	"Own files and the address looked at. Nobody else in the home is known.",
	"Spoke with whoever told us. Nothing that is happening tonight.",
};

#define PICK(list) (list)[random_below(random, COUNT_OF(list))]

const struct demo_story *demo_stories(size_t *count)
{
	*count = COUNT_OF(STORIES);
	return STORIES;
}

const char *demo_first_name(struct random_source *random, const struct demo_words_of **words)
{
	uint64_t which = random_below(random, 100);
	*words = which % 2 ? &SHE : &HE;
	if (which >= 94)
		return PICK(EITHER);
	return which % 2 ? PICK(GIRLS) : PICK(BOYS);
}

const char *demo_family_name(struct random_source *random)
{
	return PICK(FAMILIES);
}

const char *demo_street(struct random_source *random)
{
	return PICK(STREETS);
}

const char *demo_school(struct random_source *random)
{
	return PICK(SCHOOLS);
}

const char *demo_answer_words(struct random_source *random, const char *office, bool knows)
{
	struct str name = str_from_c(office);
	if (!knows)
		return PICK(NOTHING);
	if (str_starts(name, STR("police")))
		return PICK(POLICE_KNOWS);
	if (str_eq(name, STR("dsl")) || str_eq(name, STR("headteacher")))
		return PICK(SCHOOL_KNOWS);
	return str_starts(name, STR("vol")) ? PICK(VOLUNTARY_KNOWS) : PICK(HEALTH_KNOWS);
}

const char *demo_question_words(struct random_source *random)
{
	return PICK(QUESTIONS);
}

const char *demo_reply_words(struct random_source *random, enum demo_outcome outcome)
{
	(void)random;
	return REPLIES[outcome];
}

const char *demo_note_words(struct random_source *random)
{
	return PICK(NOTES);
}

const char *demo_basis_words(struct random_source *random)
{
	return PICK(BASIS);
}
