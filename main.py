if __name__ == "__main__":
    try:
        from app.cli import main

        raise SystemExit(main())
    except KeyboardInterrupt:  # while still starting; main() itself says so in a line
        raise SystemExit(130) from None
