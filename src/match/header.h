/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a header says in words of its own: "Child Forename(s)", "DOB (dd/mm/yyyy)",
 * "UPN Number". A word that nobody knows may be another person ("Mother Surname"),
 * so that what is not wholly understood is about nothing. Private to the room.
 */
#ifndef CANDOUR_MATCH_HEADER_H
#define CANDOUR_MATCH_HEADER_H

#include "match/field.h"

/* FIELD_NONE: some word of it is neither a name of one field nor filling. */
enum field header_field(struct str header);

enum header_whose {
	HEADER_HERS,     /* or nobody says */
	HEADER_KINS,     /* of a parent, a carer or a contact, whose telephone is hers too */
	HEADER_ANOTHERS, /* of a worker or a place, or when something happened */
};
/* Whose value it is by its words; what is not hers is never taken for hers by how it looks. */
enum header_whose header_whose(struct str header);

/* "Case Number", "System Ref": may be the row's own number, where nothing is called id outright. */
bool header_may_be_id(struct str header);

/* "Household Ref", "UPRN": a number there is of all who live together, and nobody's own. */
bool header_is_of_house(struct str header);

#endif
