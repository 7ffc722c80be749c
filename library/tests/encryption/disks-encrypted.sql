-- ---
-- id: CRY-01.T1
-- title: File systems of the host lie on encrypted block devices
-- control: CRY-01
-- nature: inspection
-- population: every file system on a block device of the host, and its swap
-- tables:
--   host.disks: [mount, device, filesystem, is_encrypted]
-- parameters: {needs_none: '/boot|/boot/efi|/efi'}
-- pass: a dm-crypt layer lies below it, or it is where the boot loader must read it
-- deviation: none does
-- unable: the device could not be found among the host's block devices
-- blind: >-
--   encryption below the block device, by the cloud host or by the drive itself, which a host cannot
--   see: where that is the control, collect it from the cloud host; how the key is kept
-- ---
SELECT
    format('{} on {}', mount, device) AS item,
    CASE
        WHEN regexp_full_match(mount, $needs_none) THEN 'pass'
        WHEN is_encrypted IS NULL THEN 'unable'
        WHEN is_encrypted THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN regexp_full_match(mount, $needs_none) THEN format('{}: read by the boot loader', filesystem)
        WHEN is_encrypted IS NULL THEN format('{}: the device is not among those that are listed', filesystem)
        WHEN is_encrypted THEN format('{} on dm-crypt', filesystem)
        ELSE format('{}: no encryption on this host', filesystem)
    END AS reason
FROM host.disks
ORDER BY mount, device
