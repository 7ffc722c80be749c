"""What a connection of lists is told: where the files are, and how they are read."""

from reperform.base.zones import zone_flaw
from reperform.connectors.folder import brought_setting
from reperform.connectors.lists.drop import drop_flaw
from reperform.connectors.lists.reading import DELIMITERS, PREFIX
from reperform.connectors.openssh.place import key_flaw, known_flaw
from reperform.connectors.populations import TABLES
from reperform.connectors.settings import Setting, SettingKind

NOUNS = tuple(sorted(name.removeprefix(PREFIX) for name in TABLES))


SETTINGS = (
    Setting(
        "folder",
        "Folder of the files",
        "absolute path of a folder that holds files of this one list, and nothing else",
        SettingKind.PATH,
        is_required=False,
    ),
    brought_setting(),
    Setting(
        "drop",
        "SFTP drop",
        "as sftp://user@host/folder, where another system leaves the files; read instead of a "
        "folder of this machine",
        is_required=False,
        flaw=drop_flaw,
    ),
    Setting(
        "key",
        "Private key of the drop",
        "of that user, without a passphrase, as ssh-keygen -t ed25519 writes it",
        SettingKind.TEXT,
        is_required=False,
        is_secret=True,
        flaw=key_flaw,
    ),
    Setting(
        "known_hosts",
        "Known host keys of the drop",
        "one a line, as ssh-keyscan prints them and as the drop's owner confirmed them",
        SettingKind.LINES,
        is_required=False,
        flaw=known_flaw,
    ),
    Setting(
        "table",
        "Which list it is",
        "the population that its rows become",
        SettingKind.CHOICE,
        choices={each: each.replace("_", " ") for each in NOUNS},
        default="people",
    ),
    Setting("system", "Name of the system", "where the rows are from, as `hr example`"),
    Setting(
        "mapping",
        "Mapping",
        "one line a column: `column = field`, `name = first + last`, `email = Mail | lower`, "
        "`started_on = hired | DD-MM-YYYY`, `is_encrypted = Disk | yes: On; no: Off`; the page "
        "Mapping of the connection tries it",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "dated",
        "Of which day the files are",
        "a state is evidence of the day that it shows: state where that is said",
        SettingKind.CHOICE,
        is_required=False,
        choices={
            "no": "nobody says: they vouch for no day",
            "collected": "the day of collecting: a job writes them anew each time",
            "name": "the day in the file's name, as people-2026-03-01.csv: the newest counts",
        },
    ),
    Setting(
        "zone",
        "Time zone of times that name none",
        "as Europe/Berlin; without it, such times are errors",
        is_required=False,
        flaw=zone_flaw,
    ),
    Setting(
        "nothing",
        "Words that say nothing",
        "one a line, as n/a; an empty field always says nothing",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "delimiter",
        "Between the cells of CSV",
        "as the tool writes it",
        SettingKind.CHOICE,
        is_required=False,
        choices={each: each for each in DELIMITERS},
    ),
)
