//! The published histories, beside the verdicts that are known. The data is compiled in, so
//! that the same list serves natively and in the browser.

/// A file: its name, its bytes, whether it is linearizable.
pub(crate) type File = (&'static str, &'static [u8], bool);

macro_rules! files {
    ($folder:literal: $($name:literal $verdict:literal,)*) => {
        &[$((
            $name,
            include_bytes!(concat!("../../../../tests/data/porcupine/", $folder, "/", $name)),
            $verdict,
        ),)*]
    };
}

/// Jepsen's histories of etcd.
pub(crate) const JEPSEN: &[File] = files! { "jepsen":
    "etcd_000.log" false,
    "etcd_001.log" false,
    "etcd_002.log" true,
    "etcd_003.log" false,
    "etcd_004.log" false,
    "etcd_005.log" true,
    "etcd_006.log" false,
    "etcd_007.log" true,
    "etcd_008.log" false,
    "etcd_009.log" false,
    "etcd_010.log" false,
    "etcd_011.log" false,
    "etcd_012.log" false,
    "etcd_013.log" false,
    "etcd_014.log" false,
    "etcd_015.log" false,
    "etcd_016.log" false,
    "etcd_017.log" false,
    "etcd_018.log" true,
    "etcd_019.log" false,
    "etcd_020.log" false,
    "etcd_021.log" false,
    "etcd_022.log" false,
    "etcd_023.log" false,
    "etcd_024.log" false,
    "etcd_025.log" true,
    "etcd_026.log" false,
    "etcd_027.log" false,
    "etcd_028.log" false,
    "etcd_029.log" false,
    "etcd_030.log" false,
    "etcd_031.log" true,
    "etcd_032.log" false,
    "etcd_033.log" false,
    "etcd_034.log" false,
    "etcd_035.log" false,
    "etcd_036.log" false,
    "etcd_037.log" false,
    "etcd_038.log" true,
    "etcd_039.log" false,
    "etcd_040.log" false,
    "etcd_041.log" false,
    "etcd_042.log" false,
    "etcd_043.log" false,
    "etcd_044.log" false,
    "etcd_045.log" true,
    "etcd_046.log" false,
    "etcd_047.log" false,
    "etcd_048.log" true,
    "etcd_049.log" true,
    "etcd_050.log" false,
    "etcd_051.log" true,
};

/// Histories of a key-value store.
pub(crate) const KV: &[File] = files! { "kv":
    "c01-ok.txt" true,
    "c01-bad.txt" false,
    "c10-ok.txt" true,
    "c10-bad.txt" false,
};
