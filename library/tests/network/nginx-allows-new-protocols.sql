-- ---
-- id: NET-03.T5
-- title: Servers of nginx allow TLS 1.2 and newer only
-- control: NET-03
-- nature: inspection
-- population: >-
--   every server of nginx at each address on which it does TLS, or of which nothing says that it does
--   not, on the days on which its configuration was given
-- tables:
--   nginx.servers: [system, names, listen, is_encrypted, protocols, accepts_old]
-- pass: it names the protocols that it allows, and none is older
-- deviation: an older protocol is among them
-- unable: it names none, so that the release of nginx decides; or nothing says whether it does TLS
-- blind: >-
--   servers without a given configuration; the first server of an address, whose protocols may hold for
--   the others; whether nginx has read its configuration again
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, names, listen ORDER BY listed) AS copy
    FROM nginx.servers AS listed
    WHERE is_encrypted IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(names, 'unnamed'), coalesce(listen, 'no address'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_encrypted IS NULL OR protocols IS NULL OR accepts_old IS NULL THEN 'unable'
        WHEN accepts_old THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN is_encrypted IS NULL THEN 'nothing says whether it does TLS'
        WHEN protocols IS NULL OR accepts_old IS NULL THEN 'it names no protocols: the release of nginx decides'
        ELSE format('it allows {}', protocols)
    END AS reason
FROM named
ORDER BY item
