/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * P06, by trial: 200 charts drawn at random, with lines and holders
 * that the register would admit; in each, every ladder is climbed and must
 * reach an office outside. The draws are the same on every machine.
 */
#include "pack/check.h"

#define CHARTS 200
#define NOBODY SIZE_MAX
#define CHART_SEED UINT64_C(0x9e3779b97f4a7c15)
#define LINE_IN_TEN 8 /* offices of ten that stand under another */

struct chart {
	const struct pack *pack;
	uint64_t seed;
	size_t *order; /* inside offices, shuffled */
	size_t inside;
	size_t *line;   /* by office number, or NOBODY */
	size_t *holder; /* account, or NOBODY for those outside or independent */
	bool *told;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static size_t draw(struct chart *chart, size_t below)
{
	uint64_t z = chart->seed += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (size_t)((z ^ (z >> 31)) % below);
}

static bool is_inside(const struct pack_office *office)
{
	return !office->is_outside && !office->is_independent;
}

static void draw_chart(struct chart *chart)
{
	const struct pack *pack = chart->pack;
	chart->inside = 0;
	for (size_t i = 0; i < pack->office_count; i++) {
		chart->line[i] = NOBODY;
		chart->holder[i] = NOBODY;
		if (is_inside(&pack->offices[i]))
			chart->order[chart->inside++] = i;
	}
	for (size_t i = chart->inside; i-- > 1;) {
		size_t j = draw(chart, i + 1);
		size_t other = chart->order[i];
		chart->order[i] = chart->order[j];
		chart->order[j] = other;
	}
	for (size_t i = 0; i < chart->inside; i++) {
		/* Under one that came before, so that no line comes back to itself. */
		if (i > 0 && draw(chart, 10) < LINE_IN_TEN)
			chart->line[chart->order[i]] = chart->order[draw(chart, i)];
		chart->holder[chart->order[i]] = draw(chart, 1 + chart->inside / 3);
	}
}

static size_t number_of(const struct pack_office *office)
{
	return office ? office->number : NOBODY;
}

/* Whom an owner expression means when `owner` owes. */
static size_t resolve(const struct chart *chart, const struct pack_owner *who, size_t owner)
{
	const struct pack *pack = chart->pack;
	size_t at = who->sort == PACK_OWNER_ROLE ? number_of(who->role) : owner;
	for (size_t i = 0; i < who->step_count && at != NOBODY; i++) {
		const struct pack_agency *agency = pack->offices[at].agency;
		switch (who->steps[i]) {
		case PACK_STEP_MANAGER:
			at = is_inside(&pack->offices[at]) ? chart->line[at]
			                                   : number_of(pack->offices[at].line);
			break;
		case PACK_STEP_HEAD:
			at = number_of(agency->head);
			break;
		case PACK_STEP_CHIEF:
			at = number_of(agency->chief);
			break;
		case PACK_STEP_INSPECTORATE:
			at = number_of(agency->inspectorate);
			break;
		case PACK_STEP_NONE:
			break;
		}
	}
	return at;
}

static bool is_beneath(const struct chart *chart, size_t office, size_t owner)
{
	size_t at = chart->line[office];
	for (size_t n = 0; at != NOBODY && n < chart->inside; n++, at = chart->line[at]) {
		if (at == owner)
			return true;
	}
	return false;
}

/* 3.7: who is skipped at a climb. Outside and independent offices never are. */
static bool is_skipped(const struct chart *chart, size_t office, size_t owner)
{
	if (chart->told[office])
		return true;
	if (!is_inside(&chart->pack->offices[office]))
		return false;
	return office == owner || is_beneath(chart, office, owner) ||
	       chart->holder[office] == chart->holder[owner];
}

static bool reaches_outside(struct chart *chart, const struct pack_ladder *ladder, size_t owner)
{
	bool reached = false;
	memset(chart->told, 0, chart->pack->office_count * sizeof *chart->told);
	for (size_t r = 0; r < ladder->count; r++) {
		const struct pack_rung *rung = &ladder->rungs[r];
		size_t count = rung->is_one_of ? 1 : rung->tell_count;
		for (size_t i = 0; i < count; i++) {
			size_t office = resolve(chart, &rung->tell[i], owner);
			if (office == NOBODY || is_skipped(chart, office, owner))
				continue;
			chart->told[office] = true;
			reached = reached || chart->pack->offices[office].is_outside;
		}
	}
	return reached;
}

bool check_charts(struct check *check, struct err *err)
{
	const struct pack *pack = check->pack;
	size_t n = pack->office_count;
	struct chart chart = { .pack = pack, .seed = CHART_SEED };
	chart.order = arena_alloc(check->arena, n, sizeof *chart.order);
	chart.line = arena_alloc(check->arena, n, sizeof *chart.line);
	chart.holder = arena_alloc(check->arena, n, sizeof *chart.holder);
	chart.told = arena_alloc(check->arena, n, sizeof *chart.told);
	if (!chart.order || !chart.line || !chart.holder || !chart.told)
		return err_set(err, ERR_UNABLE, "There is no room to check this pack");
	for (size_t i = 0; i < CHARTS; i++) {
		draw_chart(&chart);
		for (size_t l = 0; l < pack->ladder_count && chart.inside > 0; l++) {
			size_t owner = chart.order[draw(&chart, chart.inside)];
			check->charts++;
			if (reaches_outside(&chart, &pack->ladders[l], owner))
				continue;
			check_fails(
				check, "P06",
				check_body(check, SECTION_LADDERS, pack->ladders[l].name),
				"ladder %.*s reaches nobody outside in a chart tried, where %.*s "
				"owes",
				STR_ARG(pack->ladders[l].name), STR_ARG(pack->offices[owner].name));
			return true;
		}
	}
	return true;
}
