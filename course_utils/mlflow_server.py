"""MLflow's own command in one process: `python -m course_utils.mlflow_server server …`.

MLflow's `server` imports all of MLflow and then starts uvicorn as a second process, which imports
it all again. On a busy machine that was half of the wait for the pages.
"""

import os
from importlib import import_module
from typing import Any


def main() -> None:
    """Run MLflow's command line, serving from this process."""
    # Before MLflow: its guards against other hosts are put up if there is something that serves
    uvicorn = import_module("uvicorn")
    server, cli = import_module("mlflow.server"), import_module("mlflow.cli")

    def serve_here(command: list[str], extra_env: dict[str, str], **_: Any) -> None:
        os.environ |= extra_env
        uvicorn.main(command[command.index("uvicorn") + 1 :])

    vars(server)["_exec_cmd"] = serve_here
    cli.cli()


if __name__ == "__main__":
    main()
