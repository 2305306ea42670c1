"""While something is measured, no other JVM is started."""

import asyncio

import pytest

from course_utils.session import pool


@pytest.mark.parametrize(("spare", "started"), [(True, 1), (False, 0)])
def test_a_pool_without_a_spare_warms_nothing_beside_its_client(
    spare: bool, started: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0

    async def warm_one(self: pool.Pool) -> bool:
        nonlocal count
        count += 1
        await asyncio.sleep(60)
        return True

    monkeypatch.setattr(pool.Pool, "_warm_one", warm_one)
    monkeypatch.setattr(pool, "memory_suffices", lambda: True)

    async def keep() -> None:
        taken = pool.Pool(1, False, spare)
        taken._leased = 1
        await asyncio.wait_for(taken.keep_warm(), 0.2)

    with pytest.raises(TimeoutError):
        asyncio.run(keep())
    assert count == started
