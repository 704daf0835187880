/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Agencies and the roles in them: who may act, answer, and read. */
#ifndef CANDOUR_PACK_MODEL_OFFICE_H
#define CANDOUR_PACK_MODEL_OFFICE_H

#include "base/base.h"

struct pack_office;

struct pack_agency {
	struct str name;
	struct str title;
	const struct pack_office *head;
	const struct pack_office *chief;
	const struct pack_office *inspectorate;
	bool is_outside;
};

enum pack_reads {
	PACK_READS_NOTHING,
	PACK_READS_SAMPLE, /* files drawn by lot; opens none until a sample can be drawn */
	PACK_READS_FIGURES,
	PACK_READS_RESTRICTED, /* of any file what fewer may read now, and nothing else */
	PACK_READS_OWN,        /* files it has a part in, and those linked to them */
	PACK_READS_CHILDREN,   /* all files of its area */
};

struct pack_read {
	enum pack_reads what;
	uint64_t file_types;    /* mask by pack_file_type.number; all ones: any */
	const uint32_t *states; /* mask a file type number; NULL: any state */
};

/* A role. Instances live in the register. */
struct pack_office {
	size_t number; /* its place in pack.offices */
	struct str name;
	struct str title;
	struct str public_title; /* what whoever reported knows it by; empty: the title */
	const struct pack_agency *agency;
	const struct pack_office *line; /* NULL: none */
	bool is_outside;
	bool is_independent;
	const struct pack_office *const *outside_line_of;
	size_t outside_line_of_count;
	const struct pack_office *const *deputies;
	size_t deputy_count;
	const struct pack_read *reads;
	size_t read_count;
	struct str retired; /* date text, or p NULL; so in every element that may be retired */
};

#endif
