"""Functions that a test of a control may call: the same answer from the same rows, whoever asks.

A list of what is allowed, not of what is not: a function that the engine gains tomorrow is refused
until somebody has read what it does.  Left out on purpose: clocks, chance, files, settings,
sequences, the session, collations, floating-point estimates, and functions that call functions
by name.
"""

SCALAR = frozenset(
    """
    + - * / // % || & | << >> ~~ !~~ ~~* !~~* ^ ** @ -> ->> && @> <@ ~~~ !
    abs ceil ceiling floor round trunc sign greatest least mod even gcd lcm
    ascii chr char_length character_length concat concat_ws contains ends_with format instr
    lcase left length lower lpad ltrim md5 nfc_normalize ord position prefix printf regexp_escape
    regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace
    regexp_split_to_array repeat replace reverse right rpad rtrim sha256 split split_part
    starts_with str_split string_split string_split_regex strip_accents strlen strpos substr
    substring suffix translate trim ucase unicode upper like_escape ilike_escape not_like_escape
    not_ilike_escape
    century date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc
    day dayname dayofmonth dayofweek dayofyear decade epoch epoch_ms hour isodow isoyear julian
    last_day make_date make_time make_timestamp microsecond millisecond minute month monthname
    quarter second strftime strptime time_bucket to_days to_hours to_minutes to_months to_seconds
    to_weeks to_years try_strptime week weekday weekofyear year yearweek next_business_day
    coalesce if ifnull nullif constant_or_null
    array_length array_to_string cardinality element_at flatten generate_series len list_aggregate
    list_any_value list_append list_apply list_concat list_contains list_count
    list_element
    list_extract list_filter list_has_all list_has_any list_intersect list_max list_min
    list_position list_reduce list_reverse list_reverse_sort list_slice list_sort list_sum
    list_transform list_unique list_value list_where list_zip map_contains map_extract map_keys
    map_values range row struct_extract struct_pack unnest array_extract array_slice map
    json_extract json_extract_string json_exists json_type json_valid json_array_length json_keys
    hex unhex
    """.split()  # noqa: SIM905 - one list of words reads better than two hundred quoted ones
)
"""One row in, one value out."""

AGGREGATE = frozenset(
    """
    count count_star count_if countif sum min max avg bool_and bool_or mean median
    quantile_disc
    """.split()  # noqa: SIM905 - as above
)
"""Many rows in, in whatever order."""

ORDERED_AGGREGATE = frozenset(
    """
    array_agg list string_agg group_concat listagg first last any_value arbitrary
    """.split()  # noqa: SIM905 - as above
)
"""Many rows in, and the order decides: only with ORDER BY inside the call."""

WINDOW = frozenset(
    """
    row_number rank dense_rank ntile lag lead first_value last_value nth_value percent_rank
    cume_dist
    """.split()  # noqa: SIM905 - as above
)
"""Over a window: only with ORDER BY in it."""

TABLE = frozenset({"unnest", "generate_series", "range"})
"""In FROM."""
