"""What holds for every test: see the modules in tests/plugins."""

pytest_plugins = (
    "tests.plugins.isolation",
    "tests.plugins.jvm",
    "tests.plugins.order",
    "tests.plugins.proofs",
    "tests.plugins.times",
)
