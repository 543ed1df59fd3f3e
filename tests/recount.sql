-- The published numbers by a second route: DuckDB over the CSV files, written from data/METHOD.md, without the package.
--
-- In DuckDB's shell, from the project's folder:
--     SET VARIABLE min_origins = 2;          -- optional, like the other three below
--     .read tests/recount.sql
--
-- It ends with the table `answers`. The table `behind` lists what each number consists of: countries, destinations with their
-- people, payments with their sum. The names in quotation marks below are the headings of METHOD.md.

SET VARIABLE folder = coalesce(getvariable('folder'), 'data');              -- where the CSV files are
SET VARIABLE programme = coalesce(getvariable('programme'), 'us-2025');
SET VARIABLE min_origins = coalesce(getvariable('min_origins'), 1);
SET VARIABLE as_of = coalesce(getvariable('as_of')::VARCHAR, 'latest');     -- a day (2025-06-30), or latest

-- Every cell of every file is read as text; a blank cell is NULL. The last line adds the column `doubtful` to files that are
-- older than it, as if nobody had doubted anything.
CREATE OR REPLACE TEMP TABLE cells AS
    FROM read_csv(getvariable('folder') || '/*.csv', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"',
                  nullstr = '', union_by_name = true, filename = 'file')
    UNION ALL BY NAME
    SELECT NULL::VARCHAR AS doubtful WHERE false;

-- Dates: 2025, 2025-02, 2025-05-06, each perhaps with ~ for "about"; a/b; ../b and a/.. with one end open (NULL here).
CREATE OR REPLACE MACRO without_about(point) AS nullif(rtrim(point, '~'), '..');
CREATE OR REPLACE MACRO first_day(point) AS
    CAST(without_about(point) || CASE length(without_about(point)) WHEN 4 THEN '-01-01' WHEN 7 THEN '-01' ELSE '' END AS DATE);
CREATE OR REPLACE MACRO final_day(point) AS
    CASE length(without_about(point))
        WHEN 4 THEN CAST(without_about(point) || '-12-31' AS DATE)
        WHEN 7 THEN last_day(CAST(without_about(point) || '-01' AS DATE))
        ELSE CAST(without_about(point) AS DATE) END;
CREATE OR REPLACE MACRO earliest(edtf) AS first_day(split_part(edtf, '/', 1));
CREATE OR REPLACE MACRO latest(edtf) AS final_day(split_part(edtf, '/', CASE WHEN contains(edtf, '/') THEN 2 ELSE 1 END));

-- "Public day": the earlier of the last days on which origin and source can have been published (`least` skips a NULL).
-- A claim without one is undated and left out here, as is every row that is superseded or withdrawn.
CREATE OR REPLACE MACRO is_of(file, name) AS parse_filename(file, true) = name;
CREATE OR REPLACE TEMP TABLE sources AS
    SELECT source_id, kind, latest(published) AS published_by FROM cells WHERE is_of(file, 'sources');
CREATE OR REPLACE TEMP TABLE dated_claims AS
    SELECT claim.* EXCLUDE (doubtful, receiver),
           CAST(substr(claim.claim_id, 2) AS BIGINT) AS claim_number,
           coalesce(claim.doubtful = 'true', false) AS doubtful,
           source.kind = 'digest' AS digest,
           earliest(claim.date) AS event_earliest,
           latest(claim.date) AS event_latest,
           least(source.published_by, origin.published_by) AS public_day
    FROM cells AS claim
    JOIN sources AS source ON source.source_id = claim.source_id
    JOIN sources AS origin ON origin.source_id = claim.origin_id
    WHERE claim.status = 'active' AND public_day IS NOT NULL;

-- The latest day counts every programme and every table; nothing after it can be asked for.
CREATE OR REPLACE TEMP TABLE edition AS
WITH newest AS (SELECT max(public_day) AS latest_day FROM dated_claims)
SELECT latest_day,
       CASE WHEN getvariable('as_of') = 'latest' THEN latest_day
            WHEN CAST(getvariable('as_of') AS DATE) <= latest_day THEN CAST(getvariable('as_of') AS DATE)
            ELSE error('as_of is after the newest report, which is of ' || latest_day) END AS as_of
FROM newest;

-- "Scope": this programme, a receiving state, not a state's own citizens; and public by the day asked for.
CREATE OR REPLACE TEMP TABLE in_scope AS
    SELECT arrangement_id, receiver FROM cells
    WHERE is_of(file, 'arrangements') AND programme = getvariable('programme') AND receiver IS NOT NULL
      AND instrument <> 'own_nationals';
CREATE OR REPLACE TEMP TABLE claims AS
    FROM dated_claims JOIN in_scope USING (arrangement_id) WHERE public_day <= (SELECT as_of FROM edition);

-- "Position" ------------------------------------------------------------------------------------------------------------

-- The rung of a step on the ladder, 1 to 7; 0 stands for the steps beside it.
CREATE OR REPLACE MACRO rung(step) AS
    coalesce(list_position(['named', 'asked', 'in_talks', 'willing', 'agreed', 'signed', 'received'], step), 0);

-- What may say where an arrangement stands, or that it does not. The last possible day is the end of the date or, without
-- one, the public day.
CREATE OR REPLACE TEMP TABLE said AS
    SELECT claim_id, arrangement_id, receiver, step, rung(step) AS rung, stance, origin_id, event_earliest,
           coalesce(event_latest, public_day) AS last_possible_day
    FROM claims WHERE is_of(file, 'steps') AND NOT doubtful;

-- The furthest rung that k distinct origins put an arrangement at or beyond.
CREATE OR REPLACE TEMP TABLE furthest AS
WITH reached AS (
    SELECT candidate.arrangement_id, candidate.receiver, candidate.rung
    FROM said AS candidate
    JOIN said AS support ON support.arrangement_id = candidate.arrangement_id AND support.rung >= candidate.rung
    WHERE candidate.stance = 'asserts' AND support.stance = 'asserts' AND candidate.rung > 0
    GROUP BY ALL
    HAVING count(DISTINCT support.origin_id) >= getvariable('min_origins')
)
SELECT arrangement_id, receiver, max(rung) AS rung FROM reached GROUP BY ALL;

-- By which day that was reached, and the earliest day that any claim gives for it (NULL: none gives one).
CREATE OR REPLACE TEMP TABLE arrangement_positions AS
    SELECT furthest.*, min(last_possible_day) AS reached_by, min(event_earliest) AS reached_from
    FROM furthest
    JOIN said ON said.arrangement_id = furthest.arrangement_id AND said.stance = 'asserts' AND said.rung >= furthest.rung
    GROUP BY ALL;

-- What is said off the ladder: a step that k distinct origins report of the same arrangement.
CREATE OR REPLACE TEMP TABLE off_ladder AS
    FROM said WHERE stance = 'asserts' AND rung = 0
    QUALIFY count(DISTINCT origin_id) OVER (PARTITION BY arrangement_id, step) >= getvariable('min_origins');

-- Declined, halted or ended since. A claim without a first day only bounds its event from above: it counts only where no
-- claim of the same arrangement and step has a first day.
CREATE OR REPLACE TEMP TABLE stopped AS
WITH events AS (
    SELECT *, bool_or(event_earliest IS NOT NULL) OVER (PARTITION BY arrangement_id, step) AS dated_from_below FROM off_ladder
)
SELECT DISTINCT arrangement_id
FROM events JOIN arrangement_positions USING (arrangement_id)
WHERE step IN ('declined', 'halted', 'ended') AND last_possible_day >= reached_by
  AND (event_earliest IS NOT NULL OR NOT dated_from_below);

-- "Dispute": a denial of the furthest rung or a lower one, of a time not before the asserted event can have happened.
CREATE OR REPLACE TEMP TABLE disputed AS
    SELECT DISTINCT arrangement_id
    FROM said AS denial JOIN arrangement_positions AS position USING (arrangement_id)
    WHERE denial.stance = 'denies' AND denial.rung BETWEEN 1 AND position.rung
      AND (reached_from IS NULL OR denial.last_possible_day >= reached_from);

-- A country stands where its furthest arrangements stand: stopped if all of these are, disputed if one of them is.
CREATE OR REPLACE TEMP TABLE country_positions AS
WITH of_country AS (
    SELECT *, max(rung) OVER (PARTITION BY receiver) AS furthest_rung FROM arrangement_positions
), on_ladder AS (
    SELECT receiver, rung,
           bool_and(arrangement_id IN (SELECT arrangement_id FROM stopped)) AS stopped,
           bool_or(arrangement_id IN (SELECT arrangement_id FROM disputed)) AS disputed
    FROM of_country WHERE rung = furthest_rung GROUP BY ALL
)
FROM on_ladder
UNION ALL
SELECT DISTINCT receiver, 0, false, false FROM off_ladder WHERE receiver NOT IN (SELECT receiver FROM on_ladder);

CREATE OR REPLACE TEMP TABLE declined AS
    SELECT DISTINCT receiver FROM off_ladder JOIN country_positions USING (receiver) WHERE step = 'declined';

-- "Choice among differing claims about one thing" --------------------------------------------------------------------------

CREATE OR REPLACE MACRO firmness(basis) AS
    list_position(['court', 'document', 'government_statement', 'official_named', 'ngo', 'official_unnamed', 'reporting',
                   'unattributed'], basis);

-- One shape for both tables: which thing a claim is about (payment and stage, or movement and what its number counts), and
-- its bounds.
CREATE OR REPLACE TEMP TABLE figures AS
WITH shaped AS (
    SELECT 'payment' AS kind, payment_id AS thing, stage AS counted, part_of, receiver, unit, currency,
           CAST(amount_min AS DECIMAL(38, 2)) AS low, CAST(amount_max AS DECIMAL(38, 2)) AS high,
           claim_id, claim_number, source_id, origin_id, basis, doubtful, digest, public_day
    FROM claims WHERE is_of(file, 'payments') AND stance = 'asserts'
    UNION ALL
    SELECT 'movement', transfer_id, population, part_of, receiver, 'people', NULL,
           CAST(people_min AS DECIMAL(38, 2)), CAST(people_max AS DECIMAL(38, 2)),
           claim_id, claim_number, source_id, origin_id, basis, doubtful, digest, public_day
    FROM claims WHERE is_of(file, 'transfers') AND stance = 'asserts'
), with_support AS (
    SELECT *, (SELECT count(DISTINCT same.origin_id) FROM shaped AS same
               WHERE (same.kind, same.thing, same.counted) = (shaped.kind, shaped.thing, shaped.counted)
                 AND (same.low, same.high) IS NOT DISTINCT FROM (shaped.low, shaped.high)) AS same_figure
    FROM shaped
)
SELECT *, row_number() OVER (
           PARTITION BY kind, thing, counted
           ORDER BY low IS NULL AND high IS NULL, doubtful, digest, firmness(basis), low IS NULL OR high IS NULL,
                    same_figure DESC, source_id <> origin_id, public_day, claim_number) AS place
FROM with_support;

-- A first choice with an open bound gives way to the next claim that has both bounds within its range.
CREATE OR REPLACE TEMP TABLE closed AS
    SELECT first.kind, first.thing, first.counted, min(other.place) AS place
    FROM figures AS first
    JOIN figures AS other ON (other.kind, other.thing, other.counted) = (first.kind, first.thing, first.counted)
    WHERE first.place = 1 AND (first.low IS NULL) <> (first.high IS NULL)
      AND other.low >= coalesce(first.low, other.low) AND other.high <= coalesce(first.high, other.high)
      AND first.digest >= other.digest AND first.doubtful >= other.doubtful
    GROUP BY ALL;

-- The claim shown for each thing that k distinct origins report.
CREATE OR REPLACE TEMP TABLE chosen AS
WITH enough AS (
    SELECT kind, thing, counted,
           bool_or(basis IN ('document', 'court') AND NOT doubtful)
               OR count(DISTINCT origin_id) FILTER (basis IN ('government_statement', 'official_named') AND NOT doubtful) >= 2
               AS firm
    FROM figures GROUP BY ALL HAVING count(DISTINCT origin_id) >= getvariable('min_origins')
)
SELECT figures.*, enough.firm
FROM figures
JOIN enough USING (kind, thing, counted)
LEFT JOIN closed USING (kind, thing, counted)
WHERE figures.place = coalesce(closed.place, 1);

-- "People" ---------------------------------------------------------------------------------------------------------------

-- Which thing is, directly or through others, part of which.
CREATE OR REPLACE TEMP TABLE wholes AS
WITH RECURSIVE links AS (
    SELECT DISTINCT CASE WHEN is_of(file, 'payments') THEN 'payment' ELSE 'movement' END AS kind,
           coalesce(payment_id, transfer_id) AS thing, part_of AS whole
    FROM claims WHERE part_of IS NOT NULL
), chains AS (
    FROM links
    UNION
    SELECT chains.kind, chains.thing, links.whole
    FROM chains JOIN links ON links.kind = chains.kind AND links.thing = chains.whole
)
FROM chains;

CREATE OR REPLACE TEMP TABLE destinations AS
WITH counted AS (
    SELECT * FROM chosen WHERE kind = 'movement' AND counted IN ('third_country', 'cumulative') AND low IS NOT NULL
), added AS (
    SELECT * FROM counted
    WHERE NOT EXISTS (FROM wholes JOIN counted AS whole ON whole.thing = wholes.whole
                      WHERE wholes.kind = 'movement' AND wholes.thing = counted.thing)
)
SELECT receiver,
       greatest((SELECT sum(low) FROM added WHERE added.receiver = counted.receiver AND added.counted = 'third_country'),
                max(low) FILTER (counted.counted = 'cumulative')) AS people
FROM counted GROUP BY receiver;

-- "Money" ----------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE sums AS
WITH countable AS (
    SELECT thing, counted AS stage, receiver, firm, low, high
    FROM chosen WHERE kind = 'payment' AND unit = 'lump_sum' AND currency = 'USD' AND (low IS NOT NULL OR high IS NOT NULL)
)
SELECT * FROM countable
WHERE NOT EXISTS (FROM wholes JOIN countable AS whole ON whole.thing = wholes.whole
                  WHERE wholes.kind = 'payment' AND wholes.thing = countable.thing AND whole.stage = countable.stage);

-- The answers ----------------------------------------------------------------------------------------------------------

-- What each number consists of. `low` is 1 for a country, people for a destination, dollars for a payment; `high` is the upper
-- bound of a payment, NULL where it is open.
CREATE OR REPLACE TEMP TABLE behind AS
WITH countries AS (
    SELECT 'countries_reported' AS quantity, receiver FROM country_positions
    UNION ALL SELECT 'countries_asked', receiver FROM country_positions WHERE rung >= rung('asked')
    UNION ALL SELECT 'countries_agreed', receiver FROM country_positions WHERE rung >= rung('agreed')
    UNION ALL SELECT 'countries_received', receiver FROM country_positions WHERE rung >= rung('received')
    UNION ALL SELECT 'countries_agreed_stopped', receiver FROM country_positions WHERE rung >= rung('agreed') AND stopped
    UNION ALL SELECT 'countries_declined', receiver FROM declined
    UNION ALL SELECT 'countries_disputed', receiver FROM country_positions WHERE disputed
)
    SELECT quantity, receiver AS thing, receiver, 1::DECIMAL(38, 2) AS low, NULL::DECIMAL(38, 2) AS high FROM countries
    UNION ALL SELECT 'people_at_least', receiver, receiver, people, NULL FROM destinations WHERE people > 0
    UNION ALL SELECT 'usd_paid', thing, receiver, low, high FROM sums WHERE stage = 'paid'
    UNION ALL SELECT 'usd_agreed', thing, receiver, low, high FROM sums WHERE stage = 'agreed'
    UNION ALL SELECT 'usd_agreed_firm', thing, receiver, low, high FROM sums WHERE stage = 'agreed' AND firm;

-- The numbers. A sum of money is a range: lower bounds and upper bounds are added, and one open upper bound leaves it open.
CREATE OR REPLACE TEMP TABLE answers AS
    SELECT quantity,
           coalesce(sum(low), 0) AS value,
           CASE WHEN count(high) = count(receiver) THEN sum(high) END AS high,
           coalesce(list(DISTINCT receiver ORDER BY receiver) FILTER (receiver IS NOT NULL), []) AS receivers
    FROM unnest(['countries_reported', 'countries_asked', 'countries_agreed', 'countries_received', 'countries_agreed_stopped',
                 'countries_declined', 'countries_disputed', 'people_at_least', 'usd_paid', 'usd_agreed', 'usd_agreed_firm'])
         AS headline(quantity)
    LEFT JOIN behind USING (quantity)
    GROUP BY quantity;

FROM answers ORDER BY quantity;
