"""The closed lists of the engine: every code that can stand in a finding; words in locales/*/kpi.toml."""

from enum import StrEnum


class Strength(StrEnum):
    """How strong a proof is, strongest first."""

    READ_BACK = "A"  # the platform itself shows it: id, permalink, fetched copy
    RECORD = "B"  # our own record with its SHA-256
    DOCUMENT = "C"  # an uploaded signed document
    ATTESTATION = "D"  # a person vouches for it


class Unit(StrEnum):
    """What the figure of a finding counts."""

    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    MINUTES = "minutes"
    SIGNATURE = "signature"


class Op(StrEnum):
    """Which side of its bound a figure must lie on."""

    AT_LEAST = ">="
    AT_MOST = "<="


class Reading(StrEnum):
    """The two readings: what the form asks for at least, and what the office asks of itself."""

    MINIMUM = "minimum"
    TARGET = "target"


class Effect(StrEnum):
    """What one reference does to a finding; only LISTED is outside the count."""

    PROVES = "proves"
    BREAKS = "breaks"
    OPEN = "open"
    LISTED = "listed"


class ProofKind(StrEnum):
    """What a reference points at; `id` is that thing's own id."""

    PLAN = "plan"
    PLAN_ITEM = "plan_item"
    EVENT = "event"
    POST = "post"
    DELIVERY = "delivery"
    ITEM = "item"
    LINK_CHECK = "link_check"
    TERM_FINDING = "term_finding"
    ATTESTATION = "attestation"
    IMPROVEMENT = "improvement"
    PROFILE_CHECK = "profile_check"
    CORRECTION = "correction"
    AGENCY = "agency"
    SURVEY = "survey"
    WEEK = "week"
    RESPONSE = "response"
    REPORT = "report"


class Headline(StrEnum):
    """The one sentence over an evaluation, chosen by the lowest level that is not passed."""

    LEVEL1_PROGRESS = "level1_progress"
    LEVEL1_PENDING = "level1_pending"
    LEVEL2_PROGRESS = "level2_progress"
    LEVEL2_PENDING = "level2_pending"
    LEVEL3_PROGRESS = "level3_progress"
    LEVEL3_WAITING_EVIDENCE = "level3_waiting_evidence"
    LEVEL3_WAITING_ATTESTATION = "level3_waiting_attestation"
    LEVEL4_PROGRESS = "level4_progress"
    LEVEL4_PENDING = "level4_pending"
    LEVEL5_PROGRESS = "level5_progress"
    LEVEL5_PENDING = "level5_pending"
    NO_CRITERIA_ABOVE = "no_criteria_above"
    ALL_LEVELS = "all_levels"
    SCALE = "scale"
    SCALE_PENDING = "scale_pending"
    SCALE_NO_DATA = "scale_no_data"


class Code(StrEnum):
    """Why something counts, does not count, or cannot be said."""

    # no figure at all
    NOT_COLLECTED = "not_collected"
    NOT_COMPUTED = "not_computed"
    NOTHING_DUE = "nothing_due"
    NO_BASELINE = "no_baseline"
    NO_FULL_WEEK = "no_full_week"
    NEVER_ALONE = "never_alone"
    COUNTS_MISSING = "counts_missing"
    NO_MEMORY_BASELINE = "no_memory_baseline"
    SURVEY_TOO_SMALL = "survey_too_small"
    # notes on a figure
    UNPROVEN_CASES = "unproven_cases"
    PERIOD_OPEN = "period_open"
    PERIOD_SHORT = "period_short"
    NO_TARGET = "no_target"
    LONGEST_GAP = "longest_gap"
    LARGEST_PILLAR = "largest_pillar"
    NONE_SHOWN_BETTER = "none_shown_better"
    BASELINE_MONTHS = "baseline_months"
    BASELINE_DAYS = "baseline_days"
    BASELINE_MONTH = "baseline_month"
    REACH_UNREAD = "reach_unread"
    ANSWERED_IN_A_DAY = "answered_in_a_day"
    NO_FLAGSHIP = "no_flagship"
    NEW_DATA_AFTER_SIGNING = "new_data_after_signing"
    # level 1: the plan
    PLAN_OK = "plan_ok"
    PLAN_INCOMPLETE = "plan_incomplete"
    PLAN_LATE = "plan_late"
    PLAN_NOT_YET = "plan_not_yet"
    PLAN_COVERS = "plan_covers"
    PLAN_GAPS = "plan_gaps"
    PLAN_ITEM_UNTRACED = "plan_item_untraced"
    # level 2: store and publish
    ITEM_STORED = "item_stored"
    ITEM_INCOMPLETE = "item_incomplete"
    ITEM_LOST = "item_lost"
    EXTRA_FAILED = "extra_failed"
    EXTRA_MISSING = "extra_missing"
    EVENT_ENTERED = "event_entered"
    EVENT_INCOMPLETE = "event_incomplete"
    POST_LIVE = "post_live"
    POST_GONE = "post_gone"
    POST_UNPROVEN = "post_unproven"
    READ_BACK_LATE = "read_back_late"
    TAG_WITHOUT_REASON = "tag_without_reason"
    PHOTOS_IN_TIME = "photos_in_time"
    PHOTOS_LATE = "photos_late"
    PHOTOS_AWAITED = "photos_awaited"
    LINK_MISSING = "link_missing"
    LINK_BROKEN = "link_broken"
    LINK_UNCHECKED = "link_unchecked"
    FORM_OK = "form_ok"
    FORM_UNCHECKED = "form_unchecked"
    FORM_UNREACHED = "form_unreached"
    FORM_HTTP_ERROR = "form_http_error"
    FORM_EMPTY = "form_empty"
    FORM_TYPE_DIFFERS = "form_type_differs"
    FORM_HASH_DIFFERS = "form_hash_differs"
    FORM_NOT_OPENING = "form_not_opening"
    FORM_OUTDATED = "form_outdated"
    FORM_REPAIRED = "form_repaired"
    FORM_REPAIRED_LATE = "form_repaired_late"
    # publishing
    ON_TIME = "on_time"
    OFF_TIME = "off_time"
    NOT_PUBLISHED = "not_published"
    OUTCOME_UNKNOWN = "outcome_unknown"
    NOT_READ_BACK = "not_read_back"
    HUMAN_HOLD = "human_hold"
    PLAN_ITEM_PUBLISHED = "plan_item_published"
    PLAN_ITEM_UNPUBLISHED = "plan_item_unpublished"
    PLAN_ITEM_NOT_APPROVED = "plan_item_not_approved"
    PLAN_ITEM_DROPPED = "plan_item_dropped"
    WEEK_KEPT = "week_kept"
    WEEK_THIN = "week_thin"
    IMPROVEMENT_LOGGED = "improvement_logged"
    IMPROVEMENT_BETTER = "improvement_better"
    IMPROVEMENT_INCOMPLETE = "improvement_incomplete"
    PROFILE_OK = "profile_ok"
    PROFILE_WRONG = "profile_wrong"
    PROFILE_UNCHECKED = "profile_unchecked"
    # events and telling beforehand
    LEAD_OK = "lead_ok"
    LEAD_SHORT = "lead_short"
    LEAD_OPEN = "lead_open"
    LATE_NOTICE = "late_notice"
    NO_POST = "no_post"
    UPCOMING = "upcoming"
    NOT_PUBLIC = "not_public"
    UNPLANNED = "unplanned"
    CANCELLED_EARLY = "cancelled_early"
    CANCELLED_LATE = "cancelled_late"
    CANCELLED_UNDATED = "cancelled_undated"
    POSTPONED = "postponed"
    FIRST_POST = "first_post"
    OUTSIDE_POST = "outside_post"
    FAST_LANE = "fast_lane"
    NOT_APPROVED = "not_approved"
    APPROVED_LATE = "approved_late"
    ENTRY_AFTER_POST = "entry_after_post"
    TARGET_GROUP_MISSING = "target_group_missing"
    OTHER_TARGET_GROUP = "other_target_group"
    TARGET_GROUP_UNKNOWN = "target_group_unknown"
    GONE_BEFORE_EVENT = "gone_before_event"
    AFTER_START = "after_start"
    SEQUENCE_COMPLETE = "sequence_complete"
    SEQUENCE_BROKEN = "sequence_broken"
    SEQUENCE_OPEN = "sequence_open"
    CANCELLATION_TOLD = "cancellation_told"
    CANCELLATION_UNTOLD = "cancellation_untold"
    CANCELLATION_OPEN = "cancellation_open"
    # what posts say
    TERMS_CLEAN = "terms_clean"
    TERMS_OPEN = "terms_open"
    TERMS_UNCHECKED = "terms_unchecked"
    FACT_TRUE = "fact_true"
    FACT_FALSE = "fact_false"
    FACT_UNRECORDED = "fact_unrecorded"
    ONE_PILLAR = "one_pillar"
    NOT_ONE_PILLAR = "not_one_pillar"
    CORRECTED = "corrected"
    CORRECTED_SLOWLY = "corrected_slowly"
    CORRECTION_TIME_UNKNOWN = "correction_time_unknown"
    AGENCY_COVERED = "agency_covered"
    AGENCY_SILENT = "agency_silent"
    ENGAGEMENT_READ = "engagement_read"
    ENGAGEMENT_UNREAD = "engagement_unread"
    SURVEY_READ = "survey_read"
    RESPONSE_GIVEN = "response_given"
    RESPONSE_MISSING = "response_missing"
    RESPONSE_NOT_DUE = "response_not_due"
    # levels that the office may adopt
    SURVEY_INCOMPLETE = "survey_incomplete"
    REPORT_IN_TIME = "report_in_time"
    REPORT_LATE = "report_late"
    REPORT_AWAITED = "report_awaited"
    REPORT_ACKNOWLEDGED = "report_acknowledged"
    IMPROVEMENT_TRACED = "improvement_traced"
    IMPROVEMENT_UNTRACED = "improvement_untraced"
    # people
    SIGNED = "signed"
    SIGNED_AGAINST = "signed_against"
    NOT_SIGNED = "not_signed"
