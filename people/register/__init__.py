"""The register: who a SIRET belongs to and where, without asking anyone, or from a public service when switched on."""
