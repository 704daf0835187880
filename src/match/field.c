/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/field.h"

#define HEADER_MAX 64

static const struct field_row {
	enum field field;
	const char *name;
	const char *headers; /* small, without blanks, hyphens and "_"; a blank between two */
} FIELDS[] = {
	{ FIELD_FIRST, "first_name",
	  "firstname firstnames forename forenames given givenname givennames fname knownas "
	  "preferredname christianname" },
	{ FIELD_MIDDLE, "middle_names",
	  "middlenames middlename middle othernames secondname otherforenames" },
	{ FIELD_SURNAME, "surname", "surname lastname family familyname lname" },
	{ FIELD_DOB, "dob", "dob dateofbirth birthdate born birthday dobirth datebirth" },
	{ FIELD_SEX, "sex", "sex gender sexcode gendercode" },
	{ FIELD_POSTCODE, "postcode",
	  "postcode pc postalcode zip zipcode homepostcode currentpostcode" },
	{ FIELD_ADDRESS, "address",
	  "address addr street streetnumber housenumber suburb locality homeaddress "
	  "currentaddress streetaddress" },
	{ FIELD_PHONE, "phone",
	  "phone telephone mobile tel contactnumber phonenumber telephonenumber mobilenumber "
	  "phoneno telephoneno telno mobileno homephone mobilephone hometelephone" },
	{ FIELD_EMAIL, "email", "email mail emailaddress" },
	{ FIELD_NHS, "nhs_number", "nhsnumber nhs nhsno" },
	{ FIELD_UPN, "upn", "upn uniquepupilnumber uniquepupilno" },
	{ FIELD_OTHER, "other_1", "" },
	{ FIELD_OTHER + 1, "other_2", "" },
	{ FIELD_AGENCY, "agency", "agency source org organisation organization dataset" },
	{ FIELD_FULL, "full_name", "fullname name personname" },
	{ FIELD_ID, "id",
	  "id uniqueid recid recordid ref reference claim personid childid pupilid clientid uniqueref "
	  "uniquereference rowid recordnumber" },
};

/* What nobody is matched by: headers that hold one of the parts, or are one of the words. */
static const struct {
	const char *noun, *parts, *words;
} REFUSED[] = {
	{ "ethnicity",
	  "ethnic ethnie skincolour skincolor heritage caste gypsy traveller hautfarbe",
	  "race racecode racialgroup eth ethcode ethcat ethgroup ethgrp ethnos tribe clan grt roma "
	  "rasse raza bame bme" },
	{ "nationality",
	  "nationalit citizenship countryoforigin passportcountry nacionalidad staatsangeh narodowo",
	  "citizen natcode origin nation" },
	{ "religion", "religio denomination konfession",
	  "belief beliefs faith faithgroup church mosque sect" },
	{ "language", "language mothertongue interpreter muttersprache",
	  "lang homelang eal esol esl langue idioma sprache firstlang secondlang" },
	{ "country of birth", "countryofbirth birthcountry placeofbirth birthplace countryborn",
	  "cob country" },
	{ "immigration status", "immigration asylum refugee leavetoremain recoursetopublic",
	  "visa visastatus visatype uasc nrpf" },
};

struct str field_name(enum field field)
{
	if (field == FIELD_REFUSED)
		return STR("refused");
	for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
		if (FIELDS[i].field == field)
			return str_from_c(FIELDS[i].name);
	}
	return STR("none");
}

enum field field_named(struct str name)
{
	for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
		if (str_eq(name, str_from_c(FIELDS[i].name)))
			return FIELDS[i].field;
	}
	return FIELD_NONE;
}

/* Letters and digits alone, small: "D.O.B.", "Forename(s)". */
static struct str squeeze(struct str header, char out[HEADER_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < header.n && n < HEADER_MAX; i++) {
		char c = header.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		bool is_mark = (c > 0 && c < '0') || (c > '9' && c < 'a') || (c > 'z' && c < 0x7f);
		if (!is_mark)
			out[n++] = c;
	}
	return (struct str){ out, n };
}

/* address, address_1, address_line_2 … */
static bool is_address_line(struct str squeezed)
{
	struct str rest = str_starts(squeezed, STR("addressline"))
	                          ? str_sub(squeezed, 11, squeezed.n)
	                  : str_starts(squeezed, STR("address")) ? str_sub(squeezed, 7, squeezed.n)
	                  : str_starts(squeezed, STR("addr"))    ? str_sub(squeezed, 4, squeezed.n)
	                                                         : STR("-");
	return rest.n == 0 || (rest.n == 1 && rest.p[0] >= '1' && rest.p[0] <= '9');
}

/* phone, phone_2, mobile1 … */
static struct str without_number(struct str squeezed)
{
	while (squeezed.n > 1 && squeezed.p[squeezed.n - 1] >= '0' &&
	       squeezed.p[squeezed.n - 1] <= '9')
		squeezed.n--;
	return squeezed;
}

static bool holds_part(struct str squeezed, struct str parts)
{
	struct str part;
	while (str_cut(&parts, ' ', &part)) {
		if (str_find_str(squeezed, part) < squeezed.n)
			return true;
	}
	return false;
}

struct str field_refused(struct str header)
{
	char room[HEADER_MAX];
	struct str squeezed = squeeze(header, room);
	for (size_t i = 0; squeezed.n && i < sizeof REFUSED / sizeof *REFUSED; i++) {
		if (holds_part(squeezed, str_from_c(REFUSED[i].parts)) ||
		    str_has_word(str_from_c(REFUSED[i].words), squeezed))
			return str_from_c(REFUSED[i].noun);
	}
	return STR("");
}

bool field_is_same_header(struct str a, struct str b)
{
	char first[HEADER_MAX], second[HEADER_MAX];
	struct str left = squeeze(a, first), right = squeeze(b, second);
	return left.n && left.n < HEADER_MAX && str_eq(left, right);
}

enum field field_of_head(struct str head)
{
	for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
		if (str_has_word(str_from_c(FIELDS[i].headers), head))
			return FIELDS[i].field;
	}
	return FIELD_NONE;
}

enum field field_of_header(struct str header)
{
	char room[HEADER_MAX];
	struct str squeezed = squeeze(header, room), plain = without_number(squeezed);
	if (field_refused(header).n)
		return FIELD_REFUSED;
	if (is_address_line(squeezed))
		return FIELD_ADDRESS;
	/* By themselves alone: a first contact and a last visit are no names. */
	if (str_eq(squeezed, STR("first")) || str_eq(squeezed, STR("last")))
		return squeezed.n == 5 ? FIELD_FIRST : FIELD_SURNAME;
	if (field_of_head(plain) == FIELD_PHONE)
		return FIELD_PHONE;
	return field_of_head(squeezed);
}
