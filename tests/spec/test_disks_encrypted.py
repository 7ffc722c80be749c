"""CRY-01.T1: file systems lie on encrypted block devices."""

from drawing import RunProcedure

PROCEDURE = "encryption/disks-encrypted.sql"


def test_an_encrypted_disk_passes(run_procedure: RunProcedure) -> None:
    """What the boot loader must read needs none."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.disks": """
                mount | device   | filesystem | is_encrypted
                ------+----------+------------+-------------
                /     | /dev/dm0 | ext4       | true
                /boot | /dev/vda | ext4       | false
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_a_plain_disk_deviates(run_procedure: RunProcedure) -> None:
    """Swap too: memory is written there."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.disks": """
                mount | device   | filesystem | is_encrypted
                ------+----------+------------+-------------
                /data | /dev/vdb | xfs        | false
                [SWAP] | vdc     | swap       | false
                """,
        },
    )

    assert result.outcomes == {"/data on /dev/vdb": "deviation", "[SWAP] on vdc": "deviation"}


def test_a_device_that_is_not_listed_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not encrypted, and not plain."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.disks": """
                mount | device   | filesystem | is_encrypted
                ------+----------+------------+-------------
                /     | /dev/vda | ext4       | -
                """,
        },
    )

    assert result.outcomes == {"/ on /dev/vda": "unable"}


def test_it_did_not_operate_without_block_devices(run_procedure: RunProcedure) -> None:
    """A host that runs from memory."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
