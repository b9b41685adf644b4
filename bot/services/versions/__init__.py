"""Which version answers: builds and their reports, rollbacks, a version that is broken, the folder that is watched."""
