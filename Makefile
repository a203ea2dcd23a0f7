# `make X` is `python3 dev.py X`; arguments: make test ARGS="-k calendar"
.DEFAULT_GOAL := help
.PHONY: Makefile
%:
	@python3 dev.py $@ $(ARGS)
