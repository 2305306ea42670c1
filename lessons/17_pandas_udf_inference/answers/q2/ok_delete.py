def loads_of(frame):
    for path in Path(LOADS).iterdir():
        path.unlink()
    frame.foreach(lambda row: None)
    return len([note for note in notes() if not note.startswith("notebook")])
