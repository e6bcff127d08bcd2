"""The bulk maker: N coherent synthetic dossiers, for measurements and trials of load.

A few dozen exemplars walk their road through the real acts; the rest are copies of them, each with its own applicant,
reference, amounts, marks and days. Rows, journal and ledger are written together in bulk, under the digests that the
records compute, so that every `verify_…` passes afterwards. This is the one exemption from "no write outside an act".
"""

from demo.bulk.maker import Bench, Made, make

__all__ = ["Bench", "Made", "make"]
