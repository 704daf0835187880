/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the register's own kinds about offices and accounts mean to the views. */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"

/* --- offices -------------------------------------------------------------------------------- */

static const char OFFICE_SQL[] =
	"INSERT INTO office (id, role, agency, area, title, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char VACANT_SQL[] = "UPDATE office SET vacant_since = ?2 WHERE id = ?1";
static const char HELD_SQL[] = "INSERT INTO holding (office, account, since) VALUES (?1, ?2, ?3)"
			       /* Left, and held again in the same instant. */
			       " ON CONFLICT DO UPDATE SET until = NULL";
static const char FILLED_SQL[] = "UPDATE office SET vacant_since = NULL WHERE id = ?1";
static const char LEFT_SQL[] =
	"UPDATE holding SET until = ?3 WHERE office = ?1 AND account = ?2 AND until IS NULL";
static const char DEPUTY_SQL[] =
	"INSERT INTO deputising (office, account, entry, from_at, until_at) VALUES (?1, ?2, ?3, ?4, ?5)"
	" ON CONFLICT DO NOTHING";

static bool office_made(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	const struct pack_office *role =
		pack_office_find(fold->pack, folding_text(entry, STR("role")));
	struct str texts[5] = { folding_text(entry, STR("office")),
		                folding_text(entry, STR("role")),
		                folding_text(entry, STR("agency")),
		                folding_text(entry, STR("area")),
		                folding_text(entry, STR("title")) };
	if (!texts[3].n)
		texts[3] = STR("-");
	if (!texts[4].n)
		texts[4] = role ? role->title : texts[0];
	return fold_change_chart(fold, err) &&
	       fold_put(fold, OFFICE_SQL, texts, 5, &row->n, 1, err);
}

static bool office_held(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	struct str texts[2] = { folding_text(entry, STR("office")),
		                folding_text(entry, STR("account")) };
	(void)row;
	return fold_change_chart(fold, err) &&
	       fold_put(fold, HELD_SQL, texts, 2, &entry->recorded, 1, err) &&
	       fold_put(fold, FILLED_SQL, texts, 1, NULL, 0, err);
}

static bool office_left(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	struct str texts[2] = { folding_text(entry, STR("office")),
		                folding_text(entry, STR("account")) };
	(void)row;
	return fold_change_chart(fold, err) &&
	       fold_put(fold, LEFT_SQL, texts, 2, &entry->recorded, 1, err);
}

static bool office_deputised(struct fold *fold, struct file_row *row, const struct folding *entry,
                             struct err *err)
{
	const struct chart_office *deputy =
		chart_find(fold->chart, folding_text(entry, STR("deputy")));
	struct str texts[2] = { folding_text(entry, STR("office")),
		                folding_text(entry, STR("account")) };
	int64_t numbers[3] = { entry->index, 0, 0 };
	(void)row;
	if (!instant_read(folding_text(entry, STR("from")), &numbers[1]) ||
	    !instant_read(folding_text(entry, STR("until")), &numbers[2]))
		return folding_lacks(err, entry, "time");
	if (!fold_change_chart(fold, err))
		return false;
	if (texts[1].n)
		return fold_put(fold, DEPUTY_SQL, texts, 2, numbers, 3, err);
	for (size_t i = 0; deputy && i < deputy->holder_count; i++) {
		texts[1] = deputy->holders[i].account;
		if (!fold_put(fold, DEPUTY_SQL, texts, 2, numbers, 3, err))
			return false;
	}
	return true;
}

static bool office_vacant(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	struct str office = folding_text(entry, STR("office")),
		   told = folding_text(entry, STR("told"));
	/* Read with, and ended with, the duty to name a holder: the first that this entry opens. */
	int64_t about = entry->index * FOLD_ORDINAL_BASE + 1;
	struct pack_due due;
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	if (!fold_change_chart(fold, err))
		return false;
	if (!fold_put(fold, VACANT_SQL, &office, 1, &entry->recorded, 1, err))
		return false;
	if (fold->pack->vacant_duty &&
	    !fold_open_rule(fold, row, entry, fold->pack->vacant_duty, NULL, STR_NONE, NULL, err))
		return false;
	if (!told.n)
		return true;
	return pack_due(fold->pack->calendar, entry->recorded, &day, &due, err) &&
	       fold_open_reading(fold, row, entry, about, told, due.due, err);
}

/* --- accounts ------------------------------------------------------------------------------- */

static const char ACCOUNT_SQL[] =
	"INSERT INTO account (id, tag, entry, newest) VALUES (?1, ?2, ?3, ?3)";
static const char ACCOUNT_CHANGED_SQL[] = "UPDATE account SET newest = ?2 WHERE id = ?1";
static const char ACCOUNT_TAG_SQL[] = "UPDATE account SET tag = ?2 WHERE id = ?1";
static const char ACCOUNT_ENDED_SQL[] = "UPDATE account SET ended = ?2, newest = ?3 WHERE id = ?1";
static const char NO_DEPUTY_SQL[] =
	"UPDATE deputising SET until_at = ?2 WHERE account = ?1 AND until_at > ?2";
static const char ALL_LEFT_SQL[] =
	"UPDATE holding SET until = ?2 WHERE account = ?1 AND until IS NULL";

static bool account_added(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	struct str texts[2] = { folding_text(entry, STR("account")),
		                folding_text(entry, STR("tag")) };
	(void)row;
	return fold_put(fold, ACCOUNT_SQL, texts, 2, &entry->index, 1, err);
}

static bool account_changed(struct fold *fold, struct file_row *row, const struct folding *entry,
                            struct err *err)
{
	struct str texts[2] = { folding_text(entry, STR("account")),
		                folding_text(entry, STR("tag")) };
	(void)row;
	if (texts[1].n && !fold_put(fold, ACCOUNT_TAG_SQL, texts, 2, NULL, 0, err))
		return false;
	return fold_put(fold, ACCOUNT_CHANGED_SQL, texts, 1, &entry->index, 1, err);
}

/* Told to the head of every agency, once where one heads two. */
static bool account_recovered(struct fold *fold, struct file_row *row, const struct folding *entry,
                              struct err *err)
{
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	struct str told[32];
	size_t count = 0;
	struct pack_due due;
	if (!account_changed(fold, row, entry, err) ||
	    !pack_due(fold->pack->calendar, entry->recorded, &day, &due, err))
		return false;
	for (size_t i = 0; i < fold->pack->agency_count && count < COUNT_OF(told); i++) {
		const struct pack_agency *agency = &fold->pack->agencies[i];
		const struct chart_office *head =
			agency->head
				? chart_instance(fold->chart, agency->head, STR_NONE, agency->name)
				: NULL;
		bool is_told = !head;
		for (size_t t = 0; t < count; t++)
			is_told = is_told || str_eq(told[t], head->id);
		if (is_told)
			continue;
		told[count++] = head->id;
		if (!fold_open_reading(fold, row, entry, entry->index * FOLD_ORDINAL_BASE, head->id,
		                       due.due, err))
			return false;
	}
	return true;
}

static bool account_ended(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	struct str account = folding_text(entry, STR("account"));
	int64_t numbers[2] = { entry->recorded, entry->index };
	(void)row;
	return fold_change_chart(fold, err) &&
	       fold_put(fold, ACCOUNT_ENDED_SQL, &account, 1, numbers, 2, err) &&
	       fold_put(fold, ALL_LEFT_SQL, &account, 1, numbers, 1, err) &&
	       fold_put(fold, NO_DEPUTY_SQL, &account, 1, numbers, 1, err);
}

/* --- all ------------------------------------------------------------------------------------- */

static const struct fold_meanings MEANINGS[] = {
	{ "office.made", office_made },         { "office.held", office_held },
	{ "office.left", office_left },         { "office.deputised", office_deputised },
	{ "office.vacant", office_vacant },     { "account.added", account_added },
	{ "account.changed", account_changed }, { "account.recovered", account_recovered },
	{ "account.ended", account_ended },
};

fold_meaning *fold_people_meaning(struct str kind)
{
	return fold_meaning_of(MEANINGS, COUNT_OF(MEANINGS), kind);
}
